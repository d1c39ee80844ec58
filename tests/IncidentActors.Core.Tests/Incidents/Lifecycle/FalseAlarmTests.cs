using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;
using IncidentActors.Core.Policies;

namespace IncidentActors.Core.Tests.Incidents.Lifecycle;

/// <summary>Canceling takes everything back that the incident began.</summary>
public class FalseAlarmTests
{
    [Fact]
    public void Work_halt_approvals_clocks_and_orders_end_in_the_same_commit()
    {
        var stage = Play.Emergency("Complete");
        var incident = stage.Atp("AT-EMRG-01").IncidentId!;
        var decision = stage.Do(incident, new CancelIncident("a test of the monitor"), "@pm");

        Assert.Equal(IncidentStatus.Canceled, stage.Incident(incident).Status);
        Assert.True(stage.Atp("AT-EMRG-01").Canceled);
        Assert.Equal(AtpApprovalStatus.Voided, stage.Atp("AT-EMRG-01").Approvals.Single().Status);
        Assert.NotNull(stage.All<HaltState>().Single().LiftedAt);
        Assert.Empty(stage.Clocks);
        Assert.Empty(stage.Atp("AT-EMRG-01").Owed);
        Assert.DoesNotContain(stage.Atp("AT-EMRG-01").OpenMessages.Values, open => open.RequiresAck);
        Assert.DoesNotContain(decision.Effects, effect => effect is SendCommand);
        Assert.Equal(["AT-EMRG-01"], stage.Incident(incident).Atps.AsEnumerable());
    }

    [Fact]
    public void Everybody_who_was_told_is_told_once_and_the_human_is_notified_once()
    {
        var stage = new Stage();
        var (id, atp) = stage.Declared();
        var told = stage.Atp(atp).Told;
        stage.Do(id, new CancelIncident("a test of the monitor"), "@pm");

        var sent = stage.Sent().ToList();
        Assert.Equal(told.Where(handle => handle is not ("@operator" or "@pm")).Order(), sent.Select(one => one.To).Where(to => to != "@operator").Order());
        Assert.Single(sent, one => one is { To: "@operator", Type: MessageType.HITLNotification });
    }

    [Fact]
    public void Nobody_is_paged_afterwards_and_no_postmortem_is_owed()
    {
        var stage = new Stage();
        var (incident, _) = stage.Declared();
        stage.Do(incident, new CancelIncident("a test of the monitor"), "@pm");
        stage.Pass(TimeSpan.FromDays(3));

        Assert.Empty(stage.Events);
        Assert.Single(stage.All<AtpState>());
    }

    /// <summary>A company that asks first is asked at once and reminded.</summary>
    [Fact]
    public void Where_the_policy_asks_the_halt_stays_and_its_lifters_are_asked_and_reminded()
    {
        var stage = new Stage { Policy = new Policy { HaltEnding = HaltEnding.Ask } };
        var (incident, _) = stage.Declared();
        stage.Do(incident, new CancelIncident("a test of the monitor"), "@operator");

        var halt = stage.All<HaltState>().Single();
        Assert.Null(halt.LiftedAt);
        Assert.Equal(["@operator", "@pm"], stage.Sent().Where(one => one.Subject == $"🛑 Lift {halt.Id}?").Select(one => one.To).Order());
        stage.Pass(TimeSpan.FromHours(2));
        Assert.Contains(stage.Sent(), one => one.Subject == $"🛑 Lift {halt.Id}?" && one.To == "@jonny");
        stage.Do(halt.Id, new LiftHalt(), "@pm");
        stage.Pass(TimeSpan.FromDays(1));
        Assert.DoesNotContain(stage.Sent(), one => one.Subject.Contains(halt.Id, StringComparison.Ordinal));
    }
}
