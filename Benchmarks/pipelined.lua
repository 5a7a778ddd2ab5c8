-- For wrk: sends sixteen requests at a time, each time that sixteen have been answered.
dofile("Benchmarks/wrk.lua")

local batch

function init()
    local requests = {}
    for number = 1, 16 do
        requests[number] = wrk.format()
    end
    batch = table.concat(requests)
end

function request()
    return batch
end
