/* Says at once when a file is too large, and that a file is being worked on. The pages work without. */
(function () {
  "use strict";

  function tooLarge(form) {
    const input = form.querySelector("input[type=file]");
    const most = Number(form.dataset.most || 0);
    return Boolean(input && most && input.files.length && input.files[0].size > most);
  }

  function warn(form, text) {
    const place = form.querySelector(".warning");
    if (place) {
      place.textContent = text;
      place.hidden = text === "";
    }
  }

  function busy(form) {
    const button = form.querySelector("button");
    button.disabled = true;
    button.textContent = form.dataset.busy;
  }

  // The page that stays until the answer comes asks how far the work is, under an id of its own.
  function anId() {
    const bytes = Array.from(crypto.getRandomValues(new Uint8Array(16)));
    return bytes.map(function (byte) { return byte.toString(16).padStart(2, "0"); }).join("");
  }

  function named(form) {
    const field = form.querySelector("input[name=upload]");
    if (field) {
      field.value = anId();
      return form.dataset.watch.replace("{upload}", field.value);
    }
    return form.dataset.watch;
  }

  function show(place, told) {
    const bar = place.querySelector("progress");
    const words = place.querySelector("span");
    place.hidden = false;
    if (told.in_all > 0) {
      bar.max = told.in_all;
      bar.value = told.done;
      words.textContent = place.dataset.rows.replace("{done}", told.done).replace("{total}", told.in_all);
    } else {
      words.textContent = place.dataset.reading;
    }
  }

  function watch(form) {
    const place = form.querySelector(".far");
    const address = named(form);
    show(place, { done: 0, in_all: 0 });
    window.setInterval(function () {
      fetch(address).then(function (answer) {
        return answer.ok ? answer.json() : { done: 0, in_all: 0 };
      }).then(function (told) { show(place, told); }).catch(function () {});
    }, 700);
  }

  document.querySelectorAll("form[data-busy]").forEach(function (form) {
    form.addEventListener("change", function () {
      warn(form, tooLarge(form) ? form.dataset.tooLarge : "");
    });
    form.addEventListener("submit", function (event) {
      if (tooLarge(form)) {
        event.preventDefault();
        warn(form, form.dataset.tooLarge);
        return;
      }
      busy(form);
    });
  });

  document.querySelectorAll("form[data-watch]").forEach(function (form) {
    form.addEventListener("submit", function (event) {
      if (!event.defaultPrevented) {
        watch(form);
      }
    });
  });

  // A page that the browser kept and shows again must not stay busy.
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) {
      window.location.reload();
    }
  });
})();
