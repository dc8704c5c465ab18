/* The waiting page sends the form again by itself; without script its button does. */
(function () {
  'use strict';
  var form = document.querySelector('form[data-again]');
  if (form) setTimeout(function () { form.submit(); }, 1000 * Number(form.dataset.again));
})();
