-- Counts a claim of each member that is not settled. KEYS, ARGV and return: members.lua.

local members, settled = find(#ARGV)
if is_open then
  local changes = {}
  for i, member in ipairs(members) do
    local claims, failures, snoozes = counts(member)
    if claims then
      members[i] = (claims + 1) .. ' ' .. failures .. snoozes
      changes[#changes + 1] = ARGV[2 + i]
      changes[#changes + 1] = members[i]
    end
  end
  write(changes)
end
return reply(members, settled)
