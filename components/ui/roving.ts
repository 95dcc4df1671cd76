/** Moves the focus among the elements marked `data-nav`, in reading order, `step` places on. */
export function moveFocus(step: 1 | -1): void {
  const places = [...document.querySelectorAll<HTMLElement>("[data-nav]")].filter(
    (place) => place.offsetParent !== null,
  );
  if (places.length === 0) return;
  const at = places.findIndex(
    (place) => place === document.activeElement || place.contains(document.activeElement),
  );
  const next =
    at === -1 ? (step === 1 ? 0 : places.length - 1) : Math.min(places.length - 1, Math.max(0, at + step));
  places[next]?.focus();
  places[next]?.scrollIntoView({ block: "nearest", inline: "nearest" });
}
