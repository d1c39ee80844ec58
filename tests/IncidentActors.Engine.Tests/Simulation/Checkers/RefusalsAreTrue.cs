using IncidentActors.Core.Decisions;

namespace IncidentActors.Engine.Tests.Simulation.Checkers;

/// <summary>Invariant 5: whoever is told that a halt stops it is told of one that was active while it asked, on whichever node it asked.</summary>
internal static class RefusalsAreTrue
{
    public static IEnumerable<string> Check(World world)
    {
        var halts = world.Ledger.Entries.SelectMany(entry => entry.Turn.Halts, (entry, halt) => (entry.Position, halt.Id, halt.Active)).ToLookup(one => one.Id);
        foreach (var attempt in world.History)
        {
            if (attempt.Outcome is not Rejected { Halt: { } halt }) continue;
            var raised = halts[halt.Id].First().Position;
            var lifted = halts[halt.Id].Where(one => !one.Active).Select(one => (long?)one.Position).FirstOrDefault();
            if (raised > attempt.Seen || lifted <= attempt.From)
            {
                yield return
                    $"{attempt.Operation} was refused on {attempt.Node} between {attempt.From} and {attempt.Seen} by {halt.Id}, "
                    + $"which stood from {raised} to {lifted}";
            }
        }
    }
}
