/** Shorter ones can be tried out. */
export const MIN_PASSWORD_LENGTH = 12;
/** A longer one costs hashing time and adds nothing. */
export const MAX_PASSWORD_LENGTH = 128;

export type PasswordFault = "too_short" | "too_long" | "holds_name" | "too_common" | "too_plain";

/**
 * What people choose when twelve characters are asked for, without its digits and signs at either end. Not a dictionary:
 * what stands at the top of every list of leaked passwords, and the product's own name.
 */
const COMMON = new Set(
  `password passwort passwordpassword administrator adminadmin adminadminadmin qwertyuiop qwertzuiop qwertyqwerty
  asdfghjkl zxcvbnm qwertyuiopasdfghjkl qazwsxedcrfv letmein letmeinletmein welcome welcomewelcome iloveyou
  iloveyouiloveyou sunshine princess football baseball superman monkey dragon master trustno changeme
  changemechangeme changemeplease defaultpassword temporary temporarypassword newpassword mypassword testtest
  testtesttest testpassword guestguest rootroot rootrootroot toor toortoor secret secretsecret secretpassword
  passw p@ssw p@ssword p@ssw0rd passw0rd pa$$word pa$$w0rd p4ssword company companyname summer winter spring autumn
  monday january february march april june july august september october november december surelay surelaysurelay
  surelayadmin adminsurelay surelaypassword woaini woainiwoaini wodemima mimamima nihao nihaonihao`
    .split(/\s+/)
    .filter(Boolean),
);

/** Rows of keys and of counting, both ways: a stretch of one is as good as a single character. */
const ROWS = ["abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiop", "asdfghjkl", "zxcvbnm"];
const STRETCHES = [...ROWS, ...ROWS.map((row) => [...row].toReversed().join(""))];

/** How many characters of a password were really chosen, and not repeated or counted on: `aaaaabcdefg` has two. */
function chosenCharacters(password: string): number {
  const text = password.toLowerCase();
  let chosen = 0;
  for (let at = 0; at < text.length; ) {
    chosen += 1;
    at += plainStretch(text, at);
  }
  return chosen;
}

/** Length of the repetition or row of keys that begins at `at`; 1 when there is none of three or more. */
function plainStretch(text: string, at: number): number {
  let same = 1;
  while (text[at + same] === text[at]) same += 1;
  let row = 1;
  while (at + row < text.length && STRETCHES.some((keys) => keys.includes(text.slice(at, at + row + 1))))
    row += 1;
  const longest = Math.max(same, row);
  return longest >= 3 ? longest : 1;
}

/** A word repeated is the word: `abcabcabc` → `abc`. */
function period(text: string): string {
  for (let length = 1; length <= text.length / 2; length++) {
    const part = text.slice(0, length);
    if (part.repeat(Math.ceil(text.length / length)).slice(0, text.length) === text) return part;
  }
  return text;
}

/**
 * What is wrong with a password to be set; null: nothing. No rules of composition: they weaken what people choose.
 * @param username normalised; null when there is none yet
 */
export function judgePassword(password: string, username: string | null): PasswordFault | null {
  const length = [...password].length;
  if (length < MIN_PASSWORD_LENGTH) return "too_short";
  if (length > MAX_PASSWORD_LENGTH) return "too_long";
  const text = password.toLowerCase();
  if (username !== null && username.length >= 3 && text.includes(username)) return "holds_name";
  const core = text.replace(/^[\d\W_]+|[\d\W_]+$/g, "");
  if (COMMON.has(core) || COMMON.has(period(core)) || COMMON.has(core.replace(/[\d\W_]+/g, "")))
    return "too_common";
  if (chosenCharacters(period(text)) < 6 || new Set(text).size < 5) return "too_plain";
  return null;
}

/** How hard to guess, 0 (refused) to 4: an estimate to encourage with, not a measure. */
export function ratePassword(password: string, username: string | null): 0 | 1 | 2 | 3 | 4 {
  if (judgePassword(password, username) !== null) return 0;
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z\d]/].filter((kind) => kind.test(password)).length;
  const alphabet = [0, 26, 40, 60, 80][kinds]!;
  const bits = chosenCharacters(period(password)) * Math.log2(alphabet) * 0.8;
  return bits < 45 ? 1 : bits < 65 ? 2 : bits < 85 ? 3 : 4;
}
