import type { RedisScript } from '../../storage/redis/redis-connection.js';

/**
 * Counts one request of a key over all nodes, by Redis' own clock, so that those of nodes need not agree. What passed is
 * kept for each node apart, as `NODE SEQUENCE FIRST LAST COUNT,…;…` (counted-requests.ts), each span with its own time:
 * the expiry of the key, a little later, only tidies up.
 *
 * Each node knows what it has let through itself, so nothing of that is lost with Redis: where Redis has less of any node
 * than the one that asks, it was flushed, or another program has written to the key. It then answers with `?`, and is
 * asked again with all that the node knows. Of two lists of a node the one with the higher sequence number counts.
 *
 * There are at most 129 lists with 62 spans each, and numbers are no longer than what is written back. Anything else was
 * written by another program, and is not counted.
 *
 * ARGV: the window in ms, the limit, the time of a span in ms, the node, its sequence number, what the node knows as
 * `NODE SEQUENCE,…`, whether to count, and all that it knows, or nothing.
 *
 * Answer: `PASSED TOTAL WAIT_MS NOW_MS PROBLEM LISTS`, with the lists of other nodes that have more than the node knew.
 */
export const rateScript: RedisScript = {
  name: 'hearthkeyRate',
  numberOfKeys: 1,
  lua: `local window, limit, span = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local keptMs = window + 10000
local me, own, counts, full = ARGV[4], tonumber(ARGV[5]), ARGV[7] == '1', ARGV[8]
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local function readSpans(text)
  local spans, length, isSame, items = {}, 0, true, 0
  for item in text:gmatch('[^,]+') do
    local first, last, count = item:match('^(%d+) (%d+) (%d+)$')
    items = items + 1
    if not first or #first > 15 or #last > 15 or #count > 9 or items > 62 then return nil end
    length = length + #item + 1
    first, last, count = tonumber(first), tonumber(last), tonumber(count)
    if first > now or last > now or last + window <= now then isSame = false end
    if last + window > now then spans[#spans + 1] = {math.min(first, now), math.min(last, now), count} end
  end
  if length ~= #text + 1 then return nil end
  return spans, isSame
end
local function readLists(text, isStrict)
  local lists, length, items = {}, 0, 0
  for item in text:gmatch('[^;]+') do
    items = items + 1
    if items > 129 then return isStrict and nil or lists end
    local node, sequence, rest = item:match('^([%da-f]+) (%d+) (.+)$')
    local spans, isSame
    if node and #node <= 16 and #sequence <= 15 then spans, isSame = readSpans(rest) end
    length = length + #item + 1
    if not spans and isStrict then return nil end
    if spans and #spans > 0 then
      lists[node] = {sequence = tonumber(sequence), spans = spans, text = isSame and item or nil}
    end
  end
  if isStrict and text ~= '' and length ~= #text + 1 then return nil end
  return lists
end
local function writeList(node, list)
  if list.text then return list.text end
  local texts = {}
  for index, one in ipairs(list.spans) do texts[index] = string.format('%.0f %.0f %.0f', one[1], one[2], one[3]) end
  return node .. string.format(' %.0f ', list.sequence) .. table.concat(texts, ',')
end
local stored = redis.pcall('GETRANGE', KEYS[1], 0, 524288)
if type(stored) == 'table' and stored.err and not stored.err:find('WRONGTYPE') then return stored end
local problem = '-'
local lists
if type(stored) == 'string' and #stored <= 524288 then lists = readLists(stored, true) end
if stored and not lists then problem = 'value' end
if not lists then lists = {} end
local known, isStale = {}, false
for node, sequence in ARGV[6]:gmatch('([%da-f]+) (%d+)') do
  known[node] = tonumber(sequence)
  if not lists[node] or lists[node].sequence < known[node] then isStale = true end
end
if lists[me] and lists[me].sequence < own then
  lists[me], isStale = nil, true
end
if isStale and full == '' then return string.format('? 0 0 %.0f %s ', now, problem) end
for node, list in pairs(readLists(full, false)) do
  if not lists[node] or lists[node].sequence < list.sequence then lists[node] = list end
end
local total, newest, all = 0, 0, {}
for _, list in pairs(lists) do
  for _, one in ipairs(list.spans) do
    total, newest = total + one[3], math.max(newest, one[2])
    all[#all + 1] = one
  end
end
local passed = total < limit and 1 or 0
if counts and passed == 1 then
  local mine = lists[me] or {sequence = 0, spans = {}}
  lists[me] = mine
  mine.sequence, mine.text = math.max(mine.sequence, own) + 1, nil
  local last = mine.spans[#mine.spans]
  if last and now - last[1] < span then
    last[2], last[3] = math.max(last[2], now), last[3] + 1
  else
    mine.spans[#mine.spans + 1] = {now, now, 1}
  end
  total, newest = total + 1, now
end
local wait = newest + window - now
if total == 0 then wait = 0 end
if passed == 0 then
  table.sort(all, function(a, b) return a[2] < b[2] end)
  local left = total
  for _, one in ipairs(all) do
    if left < limit then break end
    left, wait = left - one[3], one[2] + window - now
  end
end
local names, texts, news = {}, {}, {}
for node in pairs(lists) do names[#names + 1] = node end
table.sort(names)
for index, node in ipairs(names) do
  texts[index] = writeList(node, lists[node])
  if node ~= me and lists[node].sequence > (known[node] or 0) then news[#news + 1] = texts[index] end
end
local text = table.concat(texts, ';')
if counts then
  if text ~= '' and text ~= stored then
    if problem == '-' and stored then
      local ttl = redis.call('PTTL', KEYS[1])
      if ttl == -1 or ttl > window * 3600 then problem = 'end' end
    end
    redis.call('SET', KEYS[1], text, 'PX', string.format('%.0f', keptMs))
  elseif text ~= '' then
    local ttl = redis.call('PTTL', KEYS[1])
    if ttl < 0 or ttl > keptMs then redis.call('PEXPIRE', KEYS[1], keptMs) end
  end
end
return string.format('%d %.0f %.0f %.0f %s %s', passed, total, wait, now, problem, table.concat(news, ';'))`,
};
