-- POST /deploy by wrk, each time for another of the seeded projects. Arguments: token, prefix of the
-- projects, first number.
local threads = 0
function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

local token, prefix, next_project
function init(arguments)
  token, prefix = arguments[1], arguments[2]
  next_project = tonumber(arguments[3]) + number
  wrk.method = "POST"
  wrk.headers["Authorization"] = "Bearer " .. token
  wrk.headers["Content-Type"] = "application/json"
end

local body = '{"projectId":"%s%d","orgId":"bench","userId":"bench","initFiles":[{"path":"index.html",'
  .. '"content":"<!doctype html><title>bench</title><h1>Hello</h1>"}]}'
function request()
  local id = next_project
  next_project = id + 2 -- two threads
  return wrk.format(nil, "/deploy", nil, body:format(prefix, id))
end
