const TIME = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const FULL = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });

export const timeOf = (moment: string) => TIME.format(new Date(moment));
export const dayOf = (moment: string) => DAY.format(new Date(moment));
export const fullTimeOf = (moment: string) => FULL.format(new Date(moment));

/** The time if it was today, else the day. */
export function shortTimeOf(moment: string): string {
  return dayOf(moment) === DAY.format() ? timeOf(moment) : dayOf(moment);
}
