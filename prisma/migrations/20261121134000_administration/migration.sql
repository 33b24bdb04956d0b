-- Who to call about an app: free text of its owner, shown wherever an operator looks at what the app did or failed to do.
ALTER TABLE app ADD COLUMN contact text CHECK (length(contact) BETWEEN 1 AND 200);
