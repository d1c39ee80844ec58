using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;

namespace IncidentActors.Engine.Tests.Simulation.Checkers;

/// <summary>What an agent had set aside under a halt it finds again after the lift, in the order it had.</summary>
internal static class SetAsideIsFound
{
    public static IEnumerable<string> Check(World world)
    {
        foreach (var (entry, before) in world.Ledger.Walk())
        {
            foreach (var (actor, _, one) in entry.Events)
            {
                if (one is AgentResumed resumed && !((AgentState)before[actor]).ConfirmedHalts[resumed.HaltId].SetAside.SequenceEqual(resumed.Resumed))
                    yield return $"{actor} resumed other work than it had set aside under {resumed.HaltId}";
            }
        }

        foreach (var agent in world.Ledger.States.Values.OfType<AgentState>())
        {
            foreach (var halt in agent.ConfirmedHalts.Keys) yield return $"{agent.Handle} still believes in {halt}";
        }

        foreach (var last in world.History.Where(attempt => attempt.Operation.Key.StartsWith("last-", StringComparison.Ordinal)))
        {
            var work = last.Inbox?.Work.Select(one => one.Id).ToList() ?? [];
            var owned = world.Ledger.States.Values.OfType<AtpState>().Where(atp => atp.Owner == last.Operation.By && !atp.Finished)
                .OrderBy(atp => atp.WorkedSince).ThenBy(atp => atp.Id, StringComparer.Ordinal).Select(atp => atp.Id);
            if (!work.SequenceEqual(owned)) yield return $"{last.Operation.By} finds {string.Join(", ", work)}, not {string.Join(", ", owned)}";
            if (last.Inbox is { } inbox && !(inbox.Halts.IsEmpty && inbox.SetAside.IsEmpty)) yield return $"{last.Operation.By} is still halted";
        }
    }
}
