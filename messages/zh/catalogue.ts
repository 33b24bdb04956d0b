import access from "./access.json" with { type: "json" };
import account from "./account.json" with { type: "json" };
import app from "./app.json" with { type: "json" };
import apps from "./apps.json" with { type: "json" };
import audit from "./audit.json" with { type: "json" };
import checkBack from "./checkBack.json" with { type: "json" };
import confirm from "./confirm.json" with { type: "json" };
import copy from "./copy.json" with { type: "json" };
import deadLetters from "./deadLetters.json" with { type: "json" };
import deliveries from "./deliveries.json" with { type: "json" };
import diff from "./diff.json" with { type: "json" };
import editMessage from "./editMessage.json" with { type: "json" };
import errors from "./errors.json" with { type: "json" };
import failures from "./failures.json" with { type: "json" };
import keyboard from "./keyboard.json" with { type: "json" };
import keys from "./keys.json" with { type: "json" };
import live from "./live.json" with { type: "json" };
import login from "./login.json" with { type: "json" };
import message from "./message.json" with { type: "json" };
import messageActions from "./messageActions.json" with { type: "json" };
import messages from "./messages.json" with { type: "json" };
import nav from "./nav.json" with { type: "json" };
import operators from "./operators.json" with { type: "json" };
import outbox from "./outbox.json" with { type: "json" };
import overview from "./overview.json" with { type: "json" };
import palette from "./palette.json" with { type: "json" };
import payload from "./payload.json" with { type: "json" };
import payloadDiff from "./payloadDiff.json" with { type: "json" };
import preferences from "./preferences.json" with { type: "json" };
import prepared from "./prepared.json" with { type: "json" };
import registry from "./registry.json" with { type: "json" };
import roles from "./roles.json" with { type: "json" };
import search from "./search.json" with { type: "json" };
import stateMap from "./stateMap.json" with { type: "json" };
import stateMeaning from "./stateMeaning.json" with { type: "json" };
import states from "./states.json" with { type: "json" };
import subscriptions from "./subscriptions.json" with { type: "json" };
import table from "./table.json" with { type: "json" };
import timeAxis from "./timeAxis.json" with { type: "json" };
import toast from "./toast.json" with { type: "json" };
import topics from "./topics.json" with { type: "json" };
import units from "./units.json" with { type: "json" };
import workers from "./workers.json" with { type: "json" };

/** All texts of this language: a file for each room or shared part, its name the first part of every key. */
export const catalogue = {
  access,
  account,
  app,
  apps,
  audit,
  checkBack,
  confirm,
  copy,
  deadLetters,
  deliveries,
  diff,
  editMessage,
  errors,
  failures,
  keyboard,
  keys,
  live,
  login,
  message,
  messageActions,
  messages,
  nav,
  operators,
  outbox,
  overview,
  palette,
  payload,
  payloadDiff,
  preferences,
  prepared,
  registry,
  roles,
  search,
  stateMap,
  stateMeaning,
  states,
  subscriptions,
  table,
  timeAxis,
  toast,
  topics,
  units,
  workers,
};
