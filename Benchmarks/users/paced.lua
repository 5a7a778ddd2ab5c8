-- For wrk: what load.lua asks for, at the pace of clients who think: each asks again 40 ms after it has
-- been answered.
dofile("Benchmarks/users/load.lua")

function delay() return 40 end
