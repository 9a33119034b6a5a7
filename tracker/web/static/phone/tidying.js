// Clears what is finished and sent, so that a phone never fills up with inspections of last year.

import { done, read, write } from "./store.js";

const KEEP_DAYS = 14;

export async function tidy() {
  const before = new Date(Date.now() - KEEP_DAYS * 86_400_000).toISOString();
  const [inspections, ops] = await read(["inspections", "ops"], (in_) => Promise.all([
    done(in_("inspections").getAll()), done(in_("ops").getAll()),
  ]));
  const busy = new Set(ops.map((op) => op.data.inspection));
  const old = inspections.filter((each) => each.finished_at && each.finished_at < before && !busy.has(each.id));
  if (!old.length) return;
  const stores = ["inspections", "entries", "reviews", "signatures", "photos"];
  await write(stores, async (in_) => {
    for (const { id } of old) {
      in_("inspections").delete(id);
      for (const name of ["entries", "reviews", "signatures"]) {
        for (const key of await done(in_(name).index("inspection").getAllKeys(id))) in_(name).delete(key);
      }
    }
    for (const photo of await done(in_("photos").index("state").getAll("kept"))) {
      if (photo.taken_at < before) in_("photos").delete(photo.id);
    }
  });
}
