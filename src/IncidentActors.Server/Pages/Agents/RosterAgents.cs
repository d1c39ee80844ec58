using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Server.Pages.Serving;

namespace IncidentActors.Server.Pages.Agents;

/// <summary>Members of the roster that have never called. The journal has no agent document for them; a halt covers them like any agent.</summary>
internal static class RosterAgents
{
    /// <param name="known">Handles that were read from the journal already.</param>
    public static async Task<ImmutableArray<AgentInfo>> NeverCalledAsync(PageRequest request, IEnumerable<string> known)
    {
        var called = known.ToHashSet();
        var silent = ImmutableArray.CreateBuilder<AgentInfo>();
        foreach (var member in request.Engine.Options.Roster.Members.Where(member => !called.Contains(member.Handle)))
        {
            if (await request.Engine.Journal.LoadAsync(ActorId.Agent(member.Handle), request.Aborted) is null)
                silent.Add(new AgentInfo(member.Handle, member.Roles, member.Team) { Person = member.Person });
        }

        return silent.ToImmutable();
    }
}
