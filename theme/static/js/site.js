// What the pages do not do by themselves: remember the switches, print, and filter a library. Loaded before anything is
// shown, so that a page appears at once in the way its reader has chosen. Everything else works without it.
(() => {
  "use strict";
  const root = document.documentElement;
  const KEY = "qianfa";
  const MODES = ["elder", "contrast"];
  const SIZES = ["normal", "large", "larger"];

  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(KEY)) || {};
    } catch {
      return {}; // no storage, or not ours
    }
  };
  const keep = (chosen) => {
    try {
      localStorage.setItem(KEY, JSON.stringify(chosen));
    } catch {
      // It holds for this page, then.
    }
  };
  const apply = (chosen) => {
    root.dataset.size = SIZES.includes(chosen.size) ? chosen.size : "normal";
    for (const mode of MODES) root.toggleAttribute(`data-${mode}`, chosen[mode] === true);
  };
  const show = () => {
    apply(read());
    const size = document.getElementById(`size-${root.dataset.size}`);
    if (size) size.checked = true;
    for (const mode of MODES) {
      const box = document.getElementById(mode);
      if (box) box.checked = root.hasAttribute(`data-${mode}`);
    }
  };

  const switches = () => {
    const changed = (event) => {
      const { id, name, value, checked } = event.target;
      const chosen = read();
      if (name === "size") chosen.size = value;
      else if (MODES.includes(id)) chosen[id] = checked;
      else return;
      keep(chosen);
      apply(chosen);
    };
    document.querySelector(".toolbar")?.addEventListener("change", changed);
    addEventListener("pageshow", (event) => event.persisted && show()); // back to a page kept as it was
    addEventListener("storage", show); // changed in another tab
  };

  const printing = () => {
    const button = document.getElementById("print");
    if (!button) return;
    button.hidden = false;
    button.addEventListener("click", () => print());
  };

  const leaving = () => {
    for (const link of document.querySelectorAll("a.external")) link.title ||= `将离开本站，前往 ${link.host}`;
  };

  const filters = () => {
    const box = document.getElementById("filters");
    if (!box) return;
    const items = [...document.querySelectorAll("li[data-kind]")];
    const filter = () => {
      const kinds = [...box.querySelectorAll("[name=kind]:checked")].map((one) => one.value);
      const [audience, year] = ["audience", "year"].map((name) => box.querySelector(`[name=${name}]`)?.value ?? "");
      for (const item of items) {
        const { kind, audience: whom, year: when } = item.dataset;
        item.hidden =
          (kinds.length > 0 && !kinds.includes(kind)) ||
          (audience !== "" && !whom.split(/[,，]/).some((one) => one.trim() === audience)) ||
          (year !== "" && when !== year);
      }
      const shown = items.filter((item) => !item.hidden).length;
      document.getElementById("filtered").textContent = shown ? `共 ${shown} 件` : "没有符合条件的资源";
    };
    box.hidden = false;
    box.addEventListener("change", filter);
  };

  apply(read());
  root.dataset.js = "";
  document.addEventListener("DOMContentLoaded", () => {
    show();
    switches();
    printing();
    leaving();
    filters();
  });
})();
