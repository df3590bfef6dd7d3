import type { RedisScript } from '../../storage/redis/redis-connection.js';

/**
 * Counts one request of a key over all nodes, by Redis' own clock, so that those of nodes need not agree. What passed is
 * kept as `FIRST LAST COUNT,…` (sliding-window.ts), each span with its own time: the expiry of the key only tidies up.
 *
 * ARGV: the window in ms, the limit, the time of a span in ms, what this node has heard before, what it has let through
 * alone since, and whether to count. Of what Redis has and what the node has heard the larger counts: Redis may have
 * been flushed, or another program may have written to the key. That is repaired by this request.
 *
 * Answer: `PASSED TOTAL WAIT_MS NOW_MS PROBLEM SPANS`.
 */
export const rateScript: RedisScript = {
  name: 'hearthkeyRate',
  numberOfKeys: 1,
  lua: `local window, limit, span = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local function read(text)
  local list, total, length = {}, 0, 0
  for item in text:gmatch('[^,]+') do
    local first, last, count = item:match('^(%d+) (%d+) (%d+)$')
    if not first or #item > 48 then return nil end
    length = length + #item + 1
    first, last, count = math.min(tonumber(first), now), math.min(tonumber(last), now), tonumber(count)
    if last + window > now then
      list[#list + 1] = {first, last, count}
      total = total + count
    end
  end
  if text ~= '' and length ~= #text + 1 then return nil end
  return list, total
end
local stored = redis.pcall('GETRANGE', KEYS[1], 0, -1)
if type(stored) == 'table' and stored.err and not stored.err:find('WRONGTYPE') then return stored end
local problem = '-'
local list, total
if type(stored) == 'string' then list, total = read(stored) end
if stored and not list then problem = 'value' end
if not stored or not list then list, total = {}, 0 end
local heard, heardTotal = read(ARGV[4])
if heard and heardTotal > total then list, total = heard, heardTotal end
local alone = read(ARGV[5]) or {}
for _, one in ipairs(alone) do
  list[#list + 1] = one
  total = total + one[3]
end
if #alone > 0 then table.sort(list, function(a, b) return a[2] < b[2] end) end
local passed = total < limit and 1 or 0
if ARGV[6] == '1' and passed == 1 then
  local newest = list[#list]
  if newest and now - newest[1] < span then
    newest[2], newest[3] = math.max(newest[2], now), newest[3] + 1
  else
    list[#list + 1] = {now, now, 1}
  end
  total = total + 1
end
local left, wait = total, 0
for _, one in ipairs(list) do
  if passed == 0 and left < limit then break end
  left, wait = left - one[3], one[2] + window - now
end
local texts = {}
for index, one in ipairs(list) do texts[index] = string.format('%.0f %.0f %.0f', one[1], one[2], one[3]) end
local text = table.concat(texts, ',')
if ARGV[6] == '1' then
  if text ~= '' and text ~= stored then
    if problem == '-' and stored then
      local ttl = redis.call('PTTL', KEYS[1])
      if ttl == -1 or ttl > window * 3600 then problem = 'end' end
    end
    redis.call('SET', KEYS[1], text, 'PX', string.format('%.0f', window))
  elseif text ~= '' then
    local ttl = redis.call('PTTL', KEYS[1])
    if ttl < 0 or ttl > window then redis.call('PEXPIRE', KEYS[1], window) end
  end
end
return string.format('%d %.0f %.0f %.0f %s %s', passed, total, wait, now, problem, text)`,
};
