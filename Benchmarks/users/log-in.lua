-- For wrk: logs in, each time as another of the users `user0@example.com` and on. After `--` it takes
-- their number and the password that they have in common.
dofile("Benchmarks/wrk.lua")

local requests = {}

function init(arguments)
    for number = 0, tonumber(arguments[1]) - 1 do
        requests[#requests + 1] = wrk.format("POST", "/auth/login",
            { ["Content-Type"] = "application/json", ["Host"] = wrk.headers.Host },
            string.format("{\"email\":\"user%d@example.com\",\"password\":\"%s\"}", number,
                arguments[2]))
    end
    seed_random()
end

function request()
    return requests[math.random(#requests)]
end
