using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Tests.Halts.Conditions;

/// <summary>Seed 003: an alert that joins an incident may be what halts everything.</summary>
public class JoiningTests
{
    private static readonly ImmutableSortedDictionary<string, string> FailedMigration =
        ImmutableSortedDictionary<string, string>.Empty.Add("signal", "failed-migration");

    private readonly Stage stage = new();
    private readonly string incident;

    public JoiningTests() => incident = stage.Declared(Play.Declare(severity: Severity.Sev3)).Incident;

    [Fact]
    public void It_halts_assigns_and_directs_once()
    {
        Join("a");
        var halt = Assert.Single(stage.All<HaltState>());
        Assert.Equal(("data-loss", incident, HaltScope.All), (halt.Condition, halt.IncidentId, halt.Scope));
        Assert.Equal(["@dev", "@diana", "@steve"], stage.Sent().Where(sent => sent.Type == MessageType.EmergencyDirective).Select(sent => sent.To));
        var responders = stage.Incident(incident).Responders;
        Assert.Subset(responders.Select(responder => responder.Handle).ToHashSet(), new HashSet<string> { "@diana", "@steve" });

        Join("b");
        Assert.Single(stage.All<HaltState>());
        Assert.Equal(responders.AsEnumerable(), stage.Incident(incident).Responders);
        Assert.Empty(stage.Sent());
    }

    [Fact]
    public void Whoever_is_on_the_incident_is_not_assigned_twice()
    {
        stage.Do(incident, new AddResponder("@diana", "scribe"), "@pm");
        Join("a");
        Assert.Single(stage.Incident(incident).Responders, responder => responder.Handle == "@diana");
    }

    [Fact]
    public void What_has_ended_halts_nothing()
    {
        Join("a", AlertStatus.Resolved);
        Assert.Empty(stage.All<HaltState>());
    }

    private void Join(string fingerprint, AlertStatus status = AlertStatus.Firing)
    {
        var ends = status == AlertStatus.Resolved ? stage.Now : (DateTimeOffset?)null;
        var alert = new AlertSeen(fingerprint, "MigrationFailed", status, stage.Now.AddMinutes(-1), ends, null);
        stage.Do(incident, new JoinAlerts("group", [alert], null, FailedMigration), Handle.Alertmanager);
    }
}
