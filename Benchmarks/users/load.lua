-- For wrk: reads (`get`) or renames (`patch`) random users. After `--` it takes which of the two,
-- and a file with a user's id in each line.
local paths = {}
local requests = {}
local fields = ""
local workload

-- Everything that can be is made before the first request: wrk shares the CPUs with the servers.
function init(arguments)
    workload = arguments[1]
    -- Those that wrk was given with -H, and Host.
    for name, value in pairs(wrk.headers) do
        fields = fields .. name .. ": " .. value .. "\r\n"
    end
    for id in io.lines(arguments[2]) do
        local path = "/users/" .. id
        paths[#paths + 1] = path
        if workload == "get" then
            requests[#requests + 1] = wrk.format("GET", path)
        end
    end
    math.randomseed(os.time())
end

local function rename()
    local name = math.random(100000000000, 999999999999)
    return string.format(
        "PATCH %s HTTP/1.1\r\n%sContent-Type: application/merge-patch+json\r\n" ..
            "Content-Length: 31\r\n\r\n{\"display_name\":\"%d\"}",
        paths[math.random(#paths)], fields, name)
end

function request()
    if workload == "get" then
        return requests[math.random(#requests)]
    end
    return rename()
end
