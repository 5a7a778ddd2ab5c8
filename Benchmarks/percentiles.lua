-- For wrk: tells how long answers took in microseconds, which it says itself of fewer percentiles.
-- The other scripts for wrk read this one.
function done(_, latency)
    print(string.format("Percentiles: %d %d %d", latency:percentile(50), latency:percentile(99),
        latency:percentile(99.9)))
end
