# syntax=docker/dockerfile:1
# One image for every process: `worker api`, `worker relay`, …, `migrate`, and the console (see docs/deploy.md).
# Build it from a clean checkout: docker build -t surelay .

FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=cache,target=/root/.npm npm ci
COPY . .
RUN npm run build

# What the bundles in dist/ import, and no more: 90 MB instead of 800. The optional packages are platform binaries for
# building and for the PostgreSQL of `npm start`; those taken away are for building, or part of the console's own bundle.
FROM node:22-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --omit=optional --ignore-scripts \
  && npm uninstall --no-save --omit=dev --omit=optional --ignore-scripts \
    next next-intl nuqs react react-dom server-only superjson \
    @mantine/core @mantine/hooks @mantine/notifications @tabler/icons-react \
    @tanstack/react-query @tanstack/react-table \
    @trpc/client @trpc/server @trpc/tanstack-react-query \
    prisma @prisma/client @prisma/adapter-pg typescript esbuild tsx embedded-postgres

FROM node:22-bookworm-slim
# In a container the outside is another network namespace; what may reach these ports is the network policy's to say.
ENV NODE_ENV=production SURELAY_HOST=0.0.0.0 SURELAY_WORKER_PORT=4100
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/package.json ./
COPY --from=build /app/dist ./dist
COPY --from=build /app/prisma/migrations ./prisma/migrations
COPY --from=build /app/sdk/producer/sql ./sdk/producer/sql
COPY --from=build /app/.next/standalone ./.next/standalone
USER node
EXPOSE 3000 4000 4100
ENTRYPOINT ["node", "--enable-source-maps"]
CMD ["dist/cli.mjs", "--help"]
