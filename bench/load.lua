-- Sends the requests of a file, each "<length>\n<bytes>", round and round, or with "once" behind the file's
-- name each one once; prints one line for the benchmark.
local requests = {}
local at = 0
local once = false
local tried = false

function init(args)
  local file = assert(io.open(args[1], "rb"))
  for line in function() return file:read("*l") end do
    requests[#requests + 1] = file:read(tonumber(line))
  end
  file:close()
  once = args[2] == "once"
end

function request()
  if not tried then -- wrk looks at one request before it sends any
    tried = true
    return requests[1]
  end
  if once and at == #requests - 1 then
    wrk.thread:stop()
  end
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency, _)
  local e = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), e.connect + e.read + e.write + e.status + e.timeout))
end
