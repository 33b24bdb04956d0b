import { z } from "zod";
import { APP_NAME_LENGTH } from "../../../domain/registry-rules.ts";
import { appForm } from "../../../services/topology/topology-schema.ts";

/** A new app, or one as it shall be: in the form of the topology file. */
export const appInput = appForm;

/** The name of an app that is asked for; whether there is one is another question. */
export const appNameInput = z.string().min(1).max(APP_NAME_LENGTH);
