-- Settles members that are not settled, or counts their failed or snoozed tries. KEYS, ARGV and return: members.lua; a member that
-- this settled ends in `=`.
-- ARGV after the members  as many settlements, JSON, or '' for a failed and `z` for a snoozed try

local count = (#ARGV - 2) / 2
local members, settled = find(2 + count)
if is_open then
  local changes = {}
  local function change(field, value)
    changes[#changes + 1] = field
    changes[#changes + 1] = value
  end
  for i, member in ipairs(members) do
    local number, settlement = ARGV[2 + i], ARGV[2 + count + i]
    local claims, failures, snoozes = counts(member)
    if claims and settlement == '' then
      members[i] = claims .. ' ' .. (failures + 1) .. snoozes
      change(number, members[i])
    elseif claims and settlement == 'z' then
      members[i] = claims .. ' ' .. failures .. ' ' .. ((tonumber(snoozes) or 0) + 1)
      change(number, members[i])
    elseif claims then
      members[i] = claims .. ' ' .. failures .. snoozes .. ' ='
      settled = settled + 1
      change(number, claims .. ' ' .. failures .. snoozes .. ' +')
      change('s' .. number, settlement)
    end
  end
  if #changes > 0 then
    change('n', settled)
  end
  write(changes)
end
return reply(members, settled)
