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

  // A page that the browser kept and shows again must not stay busy.
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) {
      window.location.reload();
    }
  });
})();
