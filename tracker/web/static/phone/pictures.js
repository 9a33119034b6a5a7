// Takes a photo in: turned upright, made smaller, drawn anew, so that place and camera stay behind.

import { uuid } from "./ids.js";

const SIDE = 1600;
const SMALL = 320;
const QUALITY = 0.82;
// What no browser here can draw goes as it is; the server draws everything anew.
const LARGEST_AS_IT_IS = 12_000_000;

export class NoPicture extends Error {}

export async function taken(file) {
  const now = Date.now();
  const at = file.lastModified > 0 && file.lastModified <= now ? file.lastModified : now;
  const photo = { id: uuid(), taken_at: new Date(at).toISOString() };
  try {
    return { ...photo, ...(await drawn(file)) };
  } catch {
    if (!file.size || file.size > LARGEST_AS_IT_IS || !file.type.startsWith("image/")) throw new NoPicture();
    return { ...photo, bytes: await file.arrayBuffer(), small: null };
  }
}

async function drawn(file) {
  const whole = await createImageBitmap(file, { imageOrientation: "from-image" });
  try {
    return { bytes: await jpeg(whole, SIDE), small: await jpeg(whole, SMALL) };
  } finally {
    whole.close();
  }
}

async function jpeg(bitmap, side) {
  const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const pen = canvas.getContext("2d");
  pen.imageSmoothingQuality = "high";
  pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  if (!blob) throw new NoPicture();
  return blob.arrayBuffer();
}
