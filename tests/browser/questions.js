// What the browser tests ask a page: where the keyboard is and whether that is seen, and what is wider than its window.
(() => {
  const NATIVE = "a[href], button, input, select, textarea, summary, video[controls], audio[controls]";
  const standsFor = (one) => {
    const drawn = one.getClientRects().length && getComputedStyle(one).opacity !== "0" && one.getBoundingClientRect().width > 1;
    return !drawn && one.labels?.length ? one.labels[0] : one;
  };
  const colour = (text) => text.match(/[\d.]+/g).map(Number);
  const behind = (one) => {
    for (; one; one = one.parentElement) {
      const found = colour(getComputedStyle(one).backgroundColor);
      if (found[3] !== 0) return found;
    }
    return [255, 255, 255];
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.slice(0, 3).map((one) => one / 255).map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [high, low] = [light(one), light(other)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  };
  const words = (one) => one && one.outerHTML.slice(0, 120);
  window.ask = {
    controls() {
      window.stops = [...document.querySelectorAll(`${NATIVE}, [tabindex="0"]`)].filter(
        (one) => one.checkVisibility({ visibilityProperty: true }) && !one.disabled && !(one.type === "radio" && !one.checked),
      );
      document.activeElement.blur();
      scrollTo(0, 0);
      getSelection().removeAllRanges();
      return window.stops.length;
    },
    at() {
      const one = document.activeElement;
      const place = window.stops.indexOf(one);
      if (one === document.body || place < 0) return { place, wrong: place < 0 ? `no control: ${words(one)}` : "" };
      if (!one.matches(":focus") && one.matches("video, audio")) return { place, wrong: "" }; // on a button of the player's own
      const box = standsFor(one);
      const style = getComputedStyle(box);
      const rect = box.getClientRects()[0];
      const tall = rect.height > innerHeight; // such a box is there when some of it is
      const [x, y] = [rect.left + rect.width / 2, (Math.max(rect.top, 0) + Math.min(rect.bottom, innerHeight)) / 2];
      const top = document.elementFromPoint(x, y);
      const inside = Number.parseFloat(style.outlineOffset) < 0;
      const seen = contrast(colour(style.outlineColor), behind(inside ? box : box.parentElement));
      let wrong = "";
      if (style.outlineStyle === "none" || Number.parseFloat(style.outlineWidth) < 2) wrong = "no outline";
      else if (seen < 3) wrong = `outline with a contrast of ${seen.toFixed(2)}`;
      else if (rect.left < -1 || rect.right > innerWidth + 1) wrong = `beside the window: ${rect.left} to ${rect.right}`;
      else if (tall ? rect.bottom < 0 || rect.top > innerHeight : rect.top < -1 || rect.bottom > innerHeight + 1) wrong = `out of sight: ${rect.top} to ${rect.bottom}`;
      else if (![one, box].includes(top) && !box.contains(top)) wrong = `covered by ${words(top)}`;
      return { place, wrong: wrong && `${wrong}: ${words(one)}` };
    },
    /** From now on note where the keyboard is whenever it goes on: there is a picture of each place by then. */
    follow() {
      window.trail = [];
      window.following ??= addEventListener("keydown", ({ key }) => key === "Tab" && trail.push(ask.at()), { capture: true }) ?? true;
    },
    /** What is wrong where the link past the head has led. */
    arrived() {
      const content = document.getElementById("content");
      if (document.activeElement !== content) return [`the focus is on ${words(document.activeElement)}`];
      const top = content.getBoundingClientRect().top;
      const left = document.documentElement.scrollHeight - innerHeight - Math.ceil(scrollY); // a short page scrolls no further
      return Math.abs(top) < 60 || (left <= 1 && top > 0 && top < 300) ? [] : [`the content begins at ${top}`];
    },
    /** Everything that stands out at the right and is neither cut off nor scrolled by a box of its own. */
    over() {
      const width = document.documentElement.clientWidth;
      const found = document.documentElement.scrollWidth > width ? [`the document: ${document.documentElement.scrollWidth} > ${width}`] : [];
      for (const name of ["html", "body"]) {
        const { overflowX } = getComputedStyle(document.querySelector(name));
        if (overflowX !== "visible") found.push(`${name} hides what is too wide`);
      }
      const held = (one) => {
        for (let box = one.parentElement; box && box !== document.body; box = box.parentElement) {
          if (getComputedStyle(box).overflowX !== "visible") return true;
        }
        return false;
      };
      for (const one of document.querySelectorAll("body *")) {
        if (one.getBoundingClientRect().right > width + 0.5 && one.checkVisibility() && !held(one)) found.push(one.outerHTML.slice(0, 120));
      }
      return found.slice(0, 5);
    },
    /** The fields whose placeholder does not fit into them. */
    cut() {
      const pen = document.createElement("canvas").getContext("2d");
      return [...document.querySelectorAll("input[placeholder]")].filter((one) => {
        const { font, paddingLeft, paddingRight } = getComputedStyle(one);
        pen.font = font;
        const room = one.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight);
        return one.checkVisibility() && pen.measureText(one.placeholder).width > room + 0.5;
      }).map(words);
    },
    /** The boxes to tick that a finger would miss: what of them can be seen is smaller than this. */
    small(pixels) {
      return [...document.querySelectorAll("input[type=checkbox], input[type=radio]")].filter((one) => {
        const box = standsFor(one);
        const { width, height } = box.getBoundingClientRect();
        return box.checkVisibility() && Math.min(width, height) < pixels;
      }).map(words);
    },
  };
})();
