using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;

namespace IncidentActors.Engine.Tests.Simulation.Checkers;

/// <summary>A name is held by the one ongoing incident that claims it, and by nobody when there is none; nobody ever holds another's.</summary>
internal static class ClaimsHold
{
    public static IEnumerable<string> Check(World world)
    {
        var wanted = new Dictionary<string, ActorId>();
        foreach (var incident in world.Ledger.States.Values.OfType<IncidentState>())
        {
            foreach (var name in incident.Claims())
            {
                if (!wanted.TryAdd(name, ActorId.Incident(incident.Id))) yield return $"{name} belongs to {wanted[name]} and to {incident.Id}";
            }
        }

        foreach (var name in world.Ledger.Entries.SelectMany(entry => entry.Turn.Claims).Select(claim => claim.Name).Distinct())
        {
            var holder = world.Ledger.Store.HolderAsync(name, CancellationToken.None).Result;
            if (holder != (wanted.TryGetValue(name, out var incident) ? incident : null)) yield return $"{name} is held by {holder}";
        }
    }
}
