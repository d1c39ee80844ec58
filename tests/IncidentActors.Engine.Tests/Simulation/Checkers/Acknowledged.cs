using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Engine.Tests.Simulation.Checkers;

/// <summary>Invariants 3, 5 and 6: acknowledged exactly once, refused never, unknown at most once; a repeated key gets the first answer.</summary>
internal static class Acknowledged
{
    public static IEnumerable<string> Check(World world)
    {
        var applied = world.Ledger.Entries.Where(entry => entry.Turn.Answer is not null).ToLookup(entry => entry.Turn.Answer!.Key);
        var texts = world.Ledger.Entries
            .Select(entry => string.Join('\n', entry.Turn.Appends.SelectMany(append => append.Events).Where(Original).Select(Text)))
            .ToList();
        foreach (var operation in world.History.Where(attempt => attempt.Operation.Command is not FetchInbox).GroupBy(attempt => attempt.Operation))
        {
            var times = applied[$"{operation.Key.By}:{operation.Key.Key}"].Count();
            var outcomes = operation.Select(attempt => attempt.Outcome).ToList();
            var accepted = outcomes.OfType<Accepted>().ToList();
            var wanted = accepted.Count > 0
                ? (1, 1)
                : outcomes.Any(outcome => outcome is Unavailable { Known: false }) && outcomes[^1] is not Rejected ? (0, 1)
                : (0, 0);
            if (times < wanted.Item1 || times > wanted.Item2) yield return $"{operation.Key} was applied {times} times: {Told(outcomes)}";
            if (operation.Key.Mark is { } mark
                && texts.Count(text => text.Contains(mark, StringComparison.Ordinal)) is var marked
                && (marked > 1 || marked > times))
                yield return $"the mark of {operation.Key} stands in {marked} turns: {Told(outcomes)}";
            if (accepted.Select(answer => answer.Answer.ToString()).Distinct().Count() > 1)
                yield return $"{operation.Key} was answered in two ways: {string.Join(" | ", accepted.Select(answer => answer.Answer))}";
            if (accepted.Count > 0 && outcomes[^1] is Rejected late)
                yield return $"{operation.Key} was acknowledged and then refused by {late.Rule}: {Told(outcomes)}";
        }
    }

    /// <summary>A question quotes its evidence from the turns that brought it.</summary>
    private static bool Original(EventRecord one) => one.Name != "approval.requested.v1";

    private static string Text(EventRecord one) => System.Text.Encoding.UTF8.GetString(one.Payload.Span);

    private static string Told(IEnumerable<Outcome> outcomes) => string.Join(", ", outcomes.Select(outcome => outcome switch
    {
        Accepted accepted => accepted.Replayed ? "accepted again" : "accepted",
        Rejected rejected => rejected.Rule,
        Unavailable unavailable => unavailable.Known ? "not applied" : "unknown",
        _ => outcome.ToString(),
    }));
}
