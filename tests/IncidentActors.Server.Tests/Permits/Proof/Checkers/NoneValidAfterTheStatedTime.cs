using IncidentActors.Core.Halts;
using IncidentActors.Core.Permits;

namespace IncidentActors.Server.Tests.Permits.Proof.Checkers;

/// <summary>Every permit that was open when a halt was raised ends at the latest at the time that the halt states.</summary>
internal static class NoneValidAfterTheStatedTime
{
    public static IEnumerable<string> Violations(PermitHistory history)
    {
        // A report may be committed behind the halt: its action is over, and no time is stated for what is known to be over when it is asked.
        var endedAt = history.Steps.Where(step => step.Event is PermitEnded).ToLookup(step => step.Id, step => step.At);
        var permits = new Dictionary<string, (PermitGranted Permit, DateTimeOffset Until)>();
        foreach (var step in history.Steps.OrderBy(step => step.Position))
        {
            switch (step.Event)
            {
                case PermitGranted granted:
                    permits[step.Id] = (granted, granted.Until);
                    break;
                case PermitRenewed renewed:
                    permits[step.Id] = permits[step.Id] with { Until = renewed.Until };
                    break;
                case PermitEnded:
                    permits.Remove(step.Id);
                    break;
                case HaltRaised raised when history.Stated.TryGetValue(step.Id, out var stated):
                    foreach (var (id, (permit, until)) in permits)
                    {
                        if (!PermitHistory.Covers(raised.Scope, permit) || until <= stated) continue;
                        if (endedAt[id].Any(at => at <= history.ReadAt.GetValueOrDefault(step.Id, stated))) continue;
                        var reported = endedAt[id].FirstOrDefault();
                        yield return $"{id} holds until {until:O}, reported {reported:O}; {step.Id}, raised {step.At:O}, states {stated:O}";
                    }

                    break;
            }
        }
    }
}
