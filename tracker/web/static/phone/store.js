// The phone's own database. What is entered lies here before the screen says so.

const NAME = "tracker-phone";

// One step for each released shape. A released step never changes: phones with entries from before
// go through the later ones.
const STEPS = [
  (db) => {
    db.createObjectStore("meta"); // device, seq, account, language, colleagues, cleaned
    db.createObjectStore("packs"); // by account id
    db.createObjectStore("ops", { keyPath: "seq" }).createIndex("state", "state");
    db.createObjectStore("photos", { keyPath: "id" }).createIndex("state", "state");
    db.createObjectStore("bytes"); // what is still to be sent, by photo id
    db.createObjectStore("inspections", { keyPath: "id" });
    for (const [name, key] of [["entries", "item"], ["reviews", "hazard"], ["signatures", "id"]]) {
      const path = name === "entries" ? ["inspection", "room", key] : ["inspection", key];
      db.createObjectStore(name, { keyPath: path }).createIndex("inspection", "inspection");
    }
    db.createObjectStore("drafts");
  },
];

export const STORES = ["meta", "packs", "ops", "photos", "bytes", "inspections", "entries", "reviews",
  "signatures", "drafts"];

export class DeviceFull extends Error {}

let opening;
const leavers = new Set();

// Calls back when a newer version of the page wants the database: this one is to reload.
export function whenReplaced(callback) {
  leavers.add(callback);
}

function opened() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, STEPS.length);
    request.onupgradeneeded = (event) => {
      for (const step of STEPS.slice(event.oldVersion)) step(request.result, request.transaction);
    };
    request.onerror = () => reject(told(request.error));
    request.onsuccess = () => {
      const db = request.result;
      db.onversionchange = () => {
        db.close();
        opening = undefined;
        for (const callback of leavers) callback();
      };
      db.onclose = () => {
        opening = undefined;
      };
      resolve(db);
    };
  });
  opening.catch(() => {
    opening = undefined;
  });
  return opening;
}

function told(error) {
  if (error?.name === "VersionError") for (const callback of leavers) callback();
  if (error?.name === "QuotaExceededError") return new DeviceFull(error.message);
  return error ?? new Error("the phone's database gave up");
}

export function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(told(request.error));
  });
}

// Does `work` in one transaction and returns what it returned, once that lies on the disk.
async function transact(names, mode, work) {
  const db = await opened();
  return new Promise((resolve, reject) => {
    const transaction = db.transaction(names, mode, { durability: "strict" });
    let result;
    let mistake;
    transaction.oncomplete = () => resolve(result);
    transaction.onabort = () => reject(mistake ?? told(transaction.error));
    work((name) => transaction.objectStore(name)).then(
      (value) => {
        result = value;
      },
      (error) => {
        mistake = told(error);
        try {
          transaction.abort();
        } catch {
          reject(mistake); // it had ended by itself
        }
      },
    );
  });
}

export const write = (names, work) => transact(names, "readwrite", work);
export const read = (names, work) => transact(names, "readonly", work);
export const get = (store, key) => read([store], (in_) => done(in_(store).get(key)));

export function all(store, index, key) {
  return read([store], (in_) => done((index ? in_(store).index(index) : in_(store)).getAll(key)));
}

export function count(store, index, key) {
  return read([store], (in_) => done(in_(store).index(index).count(key)));
}
