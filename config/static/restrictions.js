/* The form of a restriction: of all the kinds, the one that is chosen is explained. Without this all are. */
"use strict";
addEventListener("DOMContentLoaded", () => {
  const guide = document.getElementById("care-guide");
  const kind = document.getElementById("id_kind");
  if (!guide || !kind) return;
  const show = () => {
    for (const section of guide.children) section.hidden = section.dataset.kind !== kind.value;
  };
  kind.addEventListener("change", show);
  show();
});
