-- Asks for another candidate every time: 63 provinces of 8,000 each, in a scattered order that repeats only after all.
local i, wide = 0, 63 * 8000
request = function()
	i = (i + 224737) % wide -- prime to 504,000: every number once before any twice
	return wrk.format("GET", string.format("%s/%02d%06d", os.getenv("LOOK_AT"), math.floor(i / 8000) + 1, i % 8000 + 1))
end
