/* The code that a device scanned stands behind the # of the address, where no log of a server or proxy
   keeps it. It goes into the field, and out of the address. Without script it is typed. */
(function () {
  'use strict';
  var found = /^#code=([0-9A-Za-z-]{1,64})$/.exec(location.hash), field = document.getElementById('code');
  if (!found || !field) return;
  field.value = found[1];
  history.replaceState(null, '', location.pathname);
})();
