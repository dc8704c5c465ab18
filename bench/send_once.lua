-- Sends each request of a file once (they are parted by NUL) and says when the last answer is in.
-- Another answer than 201 is said at once: the round has failed.
local ffi = require("ffi")
ffi.cdef [[
  typedef struct { long seconds; long microseconds; } moment;
  int gettimeofday(moment *at, void *zone);
]]

local requests, sent, answered, began = {}, -1, 0, nil

local function now()
  local at = ffi.new("moment")
  ffi.C.gettimeofday(at, nil)
  return tonumber(at.seconds) + tonumber(at.microseconds) / 1e6
end

local function say(text)
  io.write(text, "\n")
  io.flush()
end

function init(arguments)
  local file = assert(io.open(arguments[1], "rb"))
  for request in file:read("*a"):gmatch("[^%z]+") do
    requests[#requests + 1] = request
  end
  file:close()
end

function request()
  sent = sent + 1
  if sent == 0 then -- wrk looks at the first one before it begins
    return requests[1]
  end
  began = began or now()
  return requests[sent] or "" -- nothing to send: the connection rests
end

function response(status, _, body)
  if status ~= 201 then
    say("wrong: " .. status .. " " .. body)
  end
  answered = answered + 1
  if answered == #requests then
    say(string.format("all in: %.6f", now() - began))
  end
end

function done(_, latency, _)
  say(string.format("figures: %d %d", latency:percentile(50), latency:percentile(99)))
end
