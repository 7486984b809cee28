-- Every step of a shared crawl, on the Redis server: script.ts says which keys there are, and puts before this file the
-- line that Redis wants and the constants LANES, GROUP, CHUNK and MAX_DEATHS.
local P = KEYS[1]
local SETTINGS, SEEN, RESULTS = P .. ':settings', P .. ':seen', P .. ':results'
local LEASES, COUNTS, GROUPS, OVER = P .. ':leases', P .. ':counts', P .. ':groups', P .. ':over'
local call = redis.call
local name = ARGV[2]

local function todo(lane) return P .. ':todo:' .. lane end

local function time()
  local t = call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end

local function setting(field) return tonumber(call('HGET', SETTINGS, field)) end

-- Adds the addresses in ARGV from index i on: triples of lane, address, group ('' if groups are not counted).
local function hear(i)
  local heard, most, mostPerGroup = call('SCARD', SEEN), setting('maxAddresses'), setting('maxPerGroup')
  for k = i, #ARGV, 3 do
    local address, group = ARGV[k + 1], ARGV[k + 2]
    if heard >= most then return end
    if call('SISMEMBER', SEEN, address) == 0 then
      local isRoom = group == '' or tonumber(call('HGET', GROUPS, group) or 0) < mostPerGroup
      if isRoom then
        if group ~= '' then call('HINCRBY', GROUPS, group, 1) end
        call('SADD', SEEN, address)
        call('XADD', todo(ARGV[k]), '*', 'address', address)
        heard = heard + 1
      end
    end
  end
end

-- Ends the visits in ARGV from index i on: lane, id, address, line. Whoever deletes the entry is the first:
-- a visit of the same address by another worker is dropped.
local function finish(i, count)
  local done = 0
  for k = i, i + 4 * count - 1, 4 do
    local key, id = todo(ARGV[k]), ARGV[k + 1]
    local entry = call('XRANGE', key, id, id)[1]
    if entry and entry[2][2] == ARGV[k + 2] then
      call('XACK', key, GROUP, id)
      call('XDEL', key, id)
      call('XADD', RESULTS, '*', 'visit', ARGV[k + 3])
      done = done + 1
    end
  end
  if done > 0 then
    call('HINCRBY', COUNTS, 'done', done)
    call('HINCRBY', COUNTS, 'done:' .. name, done)
  end
end

-- After a restart of the server no worker could renew its lease: each gets a new one.
local function renewAfterRestart(runId, now)
  if call('HGET', SETTINGS, 'runId') == runId then return end
  call('HSET', SETTINGS, 'runId', runId)
  for _, worker in ipairs(call('HKEYS', LEASES)) do call('HSET', LEASES, worker, now + setting('leaseMs')) end
end

local function append(taken, lane, id, address, deliveries)
  taken[#taken + 1] = lane
  taken[#taken + 1] = id
  taken[#taken + 1] = address
  taken[#taken + 1] = deliveries
end

-- What this worker has, by the server's books: an answer to it may have been lost.
local function recover(lane, taken)
  local from = '0'
  while true do
    local read = call('XREADGROUP', 'GROUP', GROUP, name, 'COUNT', CHUNK, 'STREAMS', todo(lane), from)
    local entries = read and read[1] and read[1][2] or {}
    for _, entry in ipairs(entries) do
      if entry[2] then append(taken, lane, entry[1], entry[2][2], 1) end
      from = entry[1]
    end
    if #entries < CHUNK then return end
  end
end

-- Takes what a dead worker has, as much as there is room for. Returns the room that is left.
local function takeOver(lane, dead, room, taken)
  while room > 0 do
    local pending = call('XPENDING', todo(lane), GROUP, '-', '+', math.min(room, CHUNK), dead)
    if #pending == 0 then return room end
    local ids, deliveries = {}, {}
    for k, one in ipairs(pending) do
      ids[k] = one[1]
      deliveries[one[1]] = one[4] + 1
    end
    local claimed = call('XCLAIM', todo(lane), GROUP, name, 0, unpack(ids))
    for _, entry in ipairs(claimed) do
      if entry[2] then
        append(taken, lane, entry[1], entry[2][2], deliveries[entry[1]])
        -- The worker does not call the others: see takeOver in take-over.ts.
        if deliveries[entry[1]] <= MAX_DEATHS then room = room - 1 end
      end
    end
  end
  return room
end

local function deadWorkers(now)
  local dead, leases = {}, call('HGETALL', LEASES)
  for k = 1, #leases, 2 do
    if leases[k] ~= name and tonumber(leases[k + 1]) < now then dead[#dead + 1] = leases[k] end
  end
  return dead
end

local function hasNothing(worker)
  for _, lane in ipairs(LANES) do
    if #call('XPENDING', todo(lane), GROUP, '-', '+', 1, worker) > 0 then return false end
  end
  return true
end

local function forget(worker)
  for _, lane in ipairs(LANES) do call('XGROUP', 'DELCONSUMER', todo(lane), GROUP, worker) end
  call('HDEL', LEASES, worker)
end

local function totals()
  local left, underWay = 0, 0
  for _, lane in ipairs(LANES) do
    left = left + call('XLEN', todo(lane))
    underWay = underWay + call('XPENDING', todo(lane), GROUP)[1]
  end
  return left, underWay
end

-- Gives this worker up to room[lane] addresses: those of dead workers first.
local function take(room, now, taken)
  local dead = deadWorkers(now)
  for _, lane in ipairs(LANES) do
    for _, worker in ipairs(dead) do room[lane] = takeOver(lane, worker, room[lane], taken) end
  end
  for _, worker in ipairs(dead) do
    if hasNothing(worker) then forget(worker) end
  end
  if call('XLEN', RESULTS) >= setting('maxResults') then return end
  local _, underWay = totals()
  local free = setting('maxUnderWay') - underWay
  for _, lane in ipairs(LANES) do
    local count = math.min(room[lane], free)
    if count > 0 then
      local read = call('XREADGROUP', 'GROUP', GROUP, name, 'COUNT', count, 'STREAMS', todo(lane), '>')
      for _, entry in ipairs(read and read[1] and read[1][2] or {}) do
        append(taken, lane, entry[1], entry[2][2], 1)
        free = free - 1
      end
    end
  end
end

-- isOver, heard of, waiting, under way, done, results, workers
local function counts()
  local left, underWay = totals()
  return {
    call('EXISTS', OVER), call('SCARD', SEEN), left - underWay, underWay,
    tonumber(call('HGET', COUNTS, 'done') or 0), call('XLEN', RESULTS), call('HLEN', LEASES),
  }
end

local ops = {}

-- join NAME isNew [field value …] [lane address group …], the number of settings first
function ops.join()
  if call('EXISTS', SETTINGS) == 0 then
    if ARGV[3] == '0' then return { 'none' } end
    local count = tonumber(ARGV[4])
    for k = 5, 4 + 2 * count, 2 do call('HSET', SETTINGS, ARGV[k], ARGV[k + 1]) end
    for _, lane in ipairs(LANES) do call('XGROUP', 'CREATE', todo(lane), GROUP, '0', 'MKSTREAM') end
    hear(5 + 2 * count)
    return { 'begun', call('HGETALL', SETTINGS), counts() }
  end
  return { 'joined', call('HGETALL', SETTINGS), counts() }
end

-- exchange NAME runId recover room-of-each-lane… finished [lane id address line …] [lane address group …]
function ops.exchange()
  if call('EXISTS', SETTINGS) == 0 then return { 'none' } end
  local now = time()
  renewAfterRestart(ARGV[3], now)
  call('HSET', LEASES, name, now + setting('leaseMs'))
  local room = {}
  for k, lane in ipairs(LANES) do room[lane] = tonumber(ARGV[4 + k]) end
  local first = 6 + #LANES
  local finished = tonumber(ARGV[first - 1])
  finish(first, finished)
  if call('EXISTS', OVER) == 0 then hear(first + 4 * finished) end
  local taken = {}
  if ARGV[4] == '1' then
    for _, lane in ipairs(LANES) do recover(lane, taken) end
  end
  take(room, now, taken)
  if totals() == 0 then call('SET', OVER, '1') end
  return { 'ok', counts(), taken }
end

-- leave NAME: gives back what this worker has, to the end of the queue.
function ops.leave()
  if call('EXISTS', SETTINGS) == 0 then return { 'none' } end
  for _, lane in ipairs(LANES) do
    local mine = {}
    recover(lane, mine)
    for k = 1, #mine, 4 do
      call('XACK', todo(lane), GROUP, mine[k + 1])
      call('XDEL', todo(lane), mine[k + 1])
      call('XADD', todo(lane), '*', 'address', mine[k + 2])
    end
  end
  forget(name)
  return { 'ok', counts() }
end

-- renew NAME: keeps this worker's lease when the server is too full for all else.
function ops.renew()
  if call('EXISTS', SETTINGS) == 0 then return { 'none' } end
  call('HSET', LEASES, name, time() + setting('leaseMs'))
  return { 'ok', counts() }
end

-- collect NAME count upTo: drops the results before upTo, and returns the next ones. If another worker collects:
-- its name, and until when it counts as alive.
function ops.collect()
  if call('EXISTS', SETTINGS) == 0 then return { 'none' } end
  local key = P .. ':collector'
  local holder = call('GET', key)
  if holder and holder ~= name then return { 'other', holder, call('PEXPIRETIME', key) } end
  call('SET', key, name, 'PX', setting('leaseMs'))
  if ARGV[4] ~= '' then call('XTRIM', RESULTS, 'MINID', '=', ARGV[4]) end
  local results = {}
  for _, entry in ipairs(call('XRANGE', RESULTS, '-', '+', 'COUNT', ARGV[3])) do
    results[#results + 1] = entry[1]
    results[#results + 1] = entry[2][2]
  end
  return { 'ok', counts(), results }
end

-- stop-collecting NAME
ops['stop-collecting'] = function()
  if call('GET', P .. ':collector') == name then call('DEL', P .. ':collector') end
  return { 'ok' }
end

-- status: what --status shows.
function ops.status()
  if call('EXISTS', SETTINGS) == 0 then return { 'none' } end
  local now, workers, leases = time(), {}, call('HGETALL', LEASES)
  for k = 1, #leases, 2 do
    local underWay = 0
    for _, lane in ipairs(LANES) do
      for _, one in ipairs(call('XPENDING', todo(lane), GROUP)[4] or {}) do
        if one[1] == leases[k] then underWay = underWay + tonumber(one[2]) end
      end
    end
    workers[#workers + 1] = leases[k]
    workers[#workers + 1] = underWay
    workers[#workers + 1] = tonumber(call('HGET', COUNTS, 'done:' .. leases[k]) or 0)
    workers[#workers + 1] = tonumber(leases[k + 1]) - now
  end
  return { 'ok', counts(), workers, call('GET', P .. ':collector') or '', call('HGETALL', SETTINGS) }
end

return ops[ARGV[1]]()
