-- For wrk: what users are asked for. After `--` it takes which of the functions below, a file with a
-- user's id in each line, and what that function is told.
dofile("Benchmarks/percentiles.lua")

local ids = {}
local fields = ""
local make

-- As users/seed.sql names them.
local given_names = { "ada", "grace", "edsger", "barbara", "donald", "margaret", "alan", "katherine" }
local family_names = { "lovelace", "hopper", "dijkstra", "liskov", "knuth", "hamilton", "turing",
    "johnson", "perlman" }

-- One of `made`, which are made before the first request: wrk shares the CPUs with the servers.
local function one_of(made)
    return function() return made[math.random(#made)] end
end

local function each_id(make)
    local made = {}
    for _, id in ipairs(ids) do made[#made + 1] = make(id) end
    return one_of(made)
end

local function with_body(method, path, kind, body)
    return string.format("%s %s HTTP/1.1\r\n%sContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s",
        method, path, fields, kind, #body, body)
end

local workloads = {}

function workloads.get()
    return each_id(function(id) return wrk.format("GET", "/users/" .. id) end)
end

function workloads.list()
    return one_of({ wrk.format("GET", "/users?limit=20") })
end

-- A part of an address, which one to eleven users have of as many as the third argument says.
function workloads.search(users)
    local made = {}
    users = tonumber(users) or 200000
    for index = 1, 10000 do
        local number = math.random(users / 20, users - 1)
        made[index] = wrk.format("GET", string.format("/users?limit=20&q=%s.%s.%d",
            given_names[1 + number % 8], family_names[1 + number % 9], number))
    end
    return one_of(made)
end

-- A new name for a random user.
function workloads.patch()
    return function()
        return with_body("PATCH", "/users/" .. ids[math.random(#ids)],
            "application/merge-patch+json", string.format("{\"display_name\":\"%d\"}",
                math.random(100000000000, 999999999999)))
    end
end

-- A user without a password. No two runs of wrk begin at the same second.
function workloads.register()
    local count = 0
    local run = os.time()
    return function()
        count = count + 1
        return with_body("POST", "/users", "application/json", string.format(
            "{\"email\":\"registered-%d-%d@example.com\",\"display_name\":\"Ada Lovelace\"}", run,
            count))
    end
end

-- Ninety reads, nine lists and one change of a hundred.
function workloads.mixed()
    local get, list, patch = workloads.get(), workloads.list(), workloads.patch()
    return function()
        local number = math.random(100)
        if number == 1 then return patch() end
        return number <= 10 and list() or get()
    end
end

-- Metadata of as many octets as the third argument says, for a random user.
function workloads.body(size)
    local body = string.format("{\"metadata\":{\"text\":\"%s\"}}", string.rep("x", tonumber(size)))
    return function()
        return with_body("PATCH", "/users/" .. ids[math.random(#ids)],
            "application/merge-patch+json", body)
    end
end

function init(arguments)
    -- Those that wrk was given with -H, and Host.
    for name, value in pairs(wrk.headers) do
        fields = fields .. name .. ": " .. value .. "\r\n"
    end
    for id in io.lines(arguments[2]) do ids[#ids + 1] = id end
    math.randomseed(os.time())
    make = workloads[arguments[1]](arguments[3])
end

function request()
    return make()
end
