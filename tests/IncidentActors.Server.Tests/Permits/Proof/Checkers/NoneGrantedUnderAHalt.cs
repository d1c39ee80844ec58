using IncidentActors.Core.Halts;
using IncidentActors.Core.Permits;

namespace IncidentActors.Server.Tests.Permits.Proof.Checkers;

/// <summary>No permit is granted or renewed, in the order of the journal, while a halt that covers it stands or after one has ended it.</summary>
internal static class NoneGrantedUnderAHalt
{
    public static IEnumerable<string> Violations(PermitHistory history)
    {
        var active = new Dictionary<string, HaltScope>();
        var permits = new Dictionary<string, PermitGranted>();
        var ended = new HashSet<string>();
        foreach (var step in history.Steps.OrderBy(step => step.Position))
        {
            switch (step.Event)
            {
                case HaltRaised raised:
                    active[step.Id] = raised.Scope;
                    ended.UnionWith(permits.Where(permit => PermitHistory.Covers(raised.Scope, permit.Value)).Select(permit => permit.Key));
                    break;
                case HaltLifted:
                    active.Remove(step.Id);
                    break;
                case PermitGranted granted:
                    permits[step.Id] = granted;
                    foreach (var halt in active.Where(halt => PermitHistory.Covers(halt.Value, granted)))
                        yield return $"{step.Id} was granted at {step.Position} under {halt.Key}";
                    break;
                case PermitRenewed when ended.Contains(step.Id):
                    yield return $"{step.Id} was renewed at {step.Position} after a halt had ended it";
                    break;
            }
        }
    }
}
