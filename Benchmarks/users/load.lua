-- For wrk: what users are asked for. After `--` it takes which of the functions below, a file with a
-- user's id in each line, and what that function is told.
dofile("Benchmarks/wrk.lua")

local ids
local fields = ""
local make

-- As users/seed.sql names them.
local given_names = { "ada", "grace", "edsger", "barbara", "donald", "margaret", "alan", "katherine" }
local family_names = { "lovelace", "hopper", "dijkstra", "liskov", "knuth", "hamilton", "turing",
    "johnson", "perlman" }

-- The id in a random line. Requests are made when they are sent: wrk takes the time from when all of
-- its threads are ready, and would count what the first has had answered by then.
local function random_id()
    local start = 37 * math.random(0, #ids / 37 - 1)
    return string.sub(ids, start + 1, start + 36)
end

local function get_request(path)
    return string.format("GET %s HTTP/1.1\r\n%s\r\n", path, fields)
end

local function with_body(method, path, kind, body)
    return string.format("%s %s HTTP/1.1\r\n%sContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s",
        method, path, fields, kind, #body, body)
end

local workloads = {}

function workloads.get()
    local before, after = "GET /users/", " HTTP/1.1\r\n" .. fields .. "\r\n"
    return function() return before .. random_id() .. after end
end

function workloads.list()
    local request = get_request("/users?limit=20")
    return function() return request end
end

-- A part of an address, which one to eleven users have of as many as the third argument says.
function workloads.search(users)
    users = tonumber(users) or 200000
    return function()
        local number = math.random(users / 20, users - 1)
        return get_request(string.format("/users?limit=20&q=%s.%s.%d", given_names[1 + number % 8],
            family_names[1 + number % 9], number))
    end
end

-- A new name for a random user.
function workloads.patch()
    return function()
        return with_body("PATCH", "/users/" .. random_id(),
            "application/merge-patch+json", string.format("{\"display_name\":\"%d\"}",
                math.random(100000000000, 999999999999)))
    end
end

-- A user without a password. No two runs of wrk begin at the same second.
function workloads.register()
    local count = 0
    local run = string.format("%d-%d", os.time(), thread_number)
    return function()
        count = count + 1
        return with_body("POST", "/users", "application/json", string.format(
            "{\"email\":\"registered-%s-%d@example.com\",\"display_name\":\"Ada Lovelace\"}", run,
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
        return with_body("PATCH", "/users/" .. random_id(),
            "application/merge-patch+json", body)
    end
end

function init(arguments)
    -- Those that wrk was given with -H, and Host.
    for name, value in pairs(wrk.headers) do
        fields = fields .. name .. ": " .. value .. "\r\n"
    end
    local file = assert(io.open(arguments[2]))
    ids = file:read("*a")
    file:close()
    assert(#ids > 0 and #ids % 37 == 0, arguments[2] .. " does not have an id in each line")
    seed_random()
    make = workloads[arguments[1]](arguments[3])
end

function request()
    return make()
end
