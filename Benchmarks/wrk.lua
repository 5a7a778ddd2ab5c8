-- For wrk: what its scripts have in common, each of which reads this one.

local threads = 0

-- wrk calls this for each of its threads, which run the script apart from each other: each is told its
-- `thread_number`, from 1.
function setup(thread)
    threads = threads + 1
    thread:set("thread_number", threads)
end

-- Has `math.random` return other numbers in each thread and in each second.
function seed_random()
    math.randomseed(os.time() * 64 + thread_number)
end

-- Tells how long answers took in microseconds, which wrk says itself of fewer percentiles.
function done(_, latency)
    print(string.format("Percentiles: %d %d %d", latency:percentile(50), latency:percentile(99),
        latency:percentile(99.9)))
end
