/** A few stickers of our own, drawn here and sent as Telegram has them: WebP, 512 pixels. */

const SIZE = 512;

const FACE = (inside, colour = "#ffcf4a") =>
  `<circle cx="256" cy="256" r="210" fill="${colour}" stroke="#fff" stroke-width="26"/>${inside}`;
const EYES = `<circle cx="186" cy="220" r="26" fill="#4a3413"/><circle cx="326" cy="220" r="26" fill="#4a3413"/>`;
const LINE = `fill="none" stroke="#4a3413" stroke-width="26" stroke-linecap="round" stroke-linejoin="round"`;

const DRAWINGS = {
  Smile: FACE(`${EYES}<path d="M166 306c36 66 144 66 180 0" ${LINE}/>`),
  Puzzled: FACE(
    `${EYES}<path d="M186 336c40-26 90-26 140-6" ${LINE}/><path d="M150 160l60-14M302 146l60 14" ${LINE}/>`,
  ),
  Heart: `<path d="M256 440C120 340 66 268 66 192c0-60 46-104 100-104 38 0 70 20 90 54 20-34 52-54 90-54 54 0 100 44 100 104 0 76-54 148-190 248z" fill="#ff5d73" stroke="#fff" stroke-width="26" stroke-linejoin="round"/><path d="M140 190c0-24 16-40 36-42" fill="none" stroke="#ffb3bf" stroke-width="22" stroke-linecap="round"/>`,
  Star: `<path d="M256 60l60 126 138 18-101 96 25 138-122-67-122 67 25-138L58 204l138-18z" fill="#ffc83d" stroke="#fff" stroke-width="26" stroke-linejoin="round"/><path d="M206 262l38 38 68-74" ${LINE}/>`,
  Done: FACE(
    `<path d="M156 262l70 70 132-144" fill="none" stroke="#fff" stroke-width="46" stroke-linecap="round" stroke-linejoin="round"/>`,
    "#3dbb6c",
  ),
  Book: `<path d="M256 140c-50-36-120-44-190-34v290c70-10 140-2 190 34 50-36 120-44 190-34V106c-70-10-140-2-190 34z" fill="#4aa3f0" stroke="#fff" stroke-width="26" stroke-linejoin="round"/><path d="M256 150v272M116 170c34-2 66 2 92 14M116 240c34-2 66 2 92 14M396 170c-34-2-66 2-92 14M396 240c-34-2-66 2-92 14" fill="none" stroke="#eaf5ff" stroke-width="18" stroke-linecap="round"/>`,
};

const drawing = (inside) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${SIZE}" height="${SIZE}" viewBox="0 0 512 512">${inside}</svg>`;

/** @type {{name: string, url: string}[]} */
export const STICKERS = Object.entries(DRAWINGS).map(([name, inside]) => ({
  name,
  url: `data:image/svg+xml,${encodeURIComponent(drawing(inside))}`,
}));

/** The sticker as a WebP file. */
export async function stickerFile(sticker) {
  const image = new Image();
  image.src = sticker.url;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = SIZE;
  canvas.height = SIZE;
  canvas.getContext("2d").drawImage(image, 0, 0);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/webp", 0.92));
  return new File([blob], `${sticker.name.toLowerCase()}.webp`, { type: "image/webp" });
}
