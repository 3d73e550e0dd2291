-- GET /deploy-status by wrk, of deployments drawn at random. Argument: how many there are.
local count
function init(arguments)
  count = tonumber(arguments[1])
  math.randomseed(1)
end

function request()
  return wrk.format("GET", ("/deploy-status?id=%032x"):format(math.random(count)))
end
