using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;
using IncidentActors.Core.Policies;

namespace IncidentActors.Core.Tests.Incidents;

/// <summary>Everything that a declaration leads to happens in its one commit.</summary>
public class DeclarationTests
{
    private readonly Stage stage = new();

    [Fact]
    public void A_SEV_1_is_told_and_directed_at_P0()
    {
        stage.Declared(Play.Declare("Checkout is down"));
        var told = Assert.Single(stage.Sent(), sent => sent.Type == MessageType.HITLNotification);
        Assert.Equal(("@operator", Priority.P0, "🚨 SEV-1 INCIDENT: Checkout is down"), (told.To, told.Priority, told.Subject));
        var directive = Assert.Single(stage.Sent(), sent => sent.Type == MessageType.EmergencyDirective && sent.To == "@dev");
        Assert.Equal((Priority.P0, true), (directive.Priority, directive.RequiresAck));
        Assert.Contains("## DROP ALL OTHER WORK", directive.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Severity.Sev1, 15)]
    [InlineData(Severity.Sev2, 30)]
    [InlineData(Severity.Sev3, 120)]
    [InlineData(Severity.Sev4, null)]
    public void The_times_of_seed_003_are_a_policy(Severity severity, int? minutes)
    {
        var team = new Stage { Policy = new Policy { Clocks = ClockPolicy.Seed003 } };
        var (incident, _) = team.Declared(Play.Declare(severity: severity));
        Assert.Equal(minutes, (team.Clocks.GetValueOrDefault((ActorId.Incident(incident), "respond"))?.Due - team.Now)?.TotalMinutes);
    }

    [Theory]
    [InlineData(Severity.Sev1, "emergency", 15)]
    [InlineData(Severity.Sev2, "hotfix", 30)]
    [InlineData(Severity.Sev3, "standard", 120)]
    [InlineData(Severity.Sev4, "standard", null)]
    public void The_severity_decides_flow_and_response_clock(Severity severity, string flow, int? minutes)
    {
        var (incident, atp) = stage.Declared(Play.Declare(severity: severity));
        Assert.Equal(flow, stage.Atp(atp).Flow);
        var clock = stage.Clocks.GetValueOrDefault((ActorId.Incident(incident), "respond"));
        Assert.Equal(minutes, (clock?.Due - stage.Now)?.TotalMinutes);
    }

    [Theory]
    [InlineData(Severity.Sev1)]
    [InlineData(Severity.Sev2)]
    [InlineData(Severity.Sev3)]
    [InlineData(Severity.Sev4)]
    public void The_human_is_told_once_and_a_responder_is_directed_once(Severity severity)
    {
        var (incident, _) = stage.Declared(Play.Declare(severity: severity));
        Assert.Equal("@operator", Assert.Single(stage.Sent(), sent => sent.Type == MessageType.HITLNotification).To);
        var directive = Assert.Single(stage.Sent(), sent => sent.Type is MessageType.Directive or MessageType.EmergencyDirective);
        Assert.True(directive.RequiresAck);
        Assert.True(stage.Incident(incident).Has(directive.To));
    }

    [Fact]
    public void Whom_the_command_line_names_is_directed()
    {
        var (incident, _) = stage.Declared(Play.Declare(directed: "@qa"));
        Assert.Contains(stage.Sent(), sent => sent is { To: "@qa", RequiresAck: true });
        Assert.Contains(stage.Incident(incident).Responders, responder => responder.Handle == "@qa");
    }

    /// <summary>Seed 002, severity levels: P0 all hands on deck, P1 the primary team, P2 the assigned team member.</summary>
    [Theory]
    [InlineData(Severity.Sev1, "@dev @pm @sam @sre @victor")]
    [InlineData(Severity.Sev2, "@dev @sam @victor")]
    [InlineData(Severity.Sev3, "@victor")]
    public void Everybody_whom_the_severity_calls_is_told(Severity severity, string told)
    {
        stage.Declared(Play.Declare(severity: severity, category: IncidentCategory.Security));
        Assert.Equal(told, string.Join(' ', stage.Sent().Where(sent => sent.To != "@operator").Select(sent => sent.To).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void Whoever_begins_an_emergency_calls_all_hands_too()
    {
        stage.Do("AT-EMRG-01", new SetAtp("InProgress", "🚨 SEV-1: checkout is down"), "@pm");
        Assert.Equal("@derek @owen @sre", string.Join(' ', stage.Sent().Select(sent => sent.To).Order(StringComparer.Ordinal)));
        Assert.All(stage.Sent(), sent => Assert.Equal((MessageType.Escalation, false), (sent.Type, sent.RequiresAck)));
    }

    /// <summary>Seed 003, condition 4: escalated immediately, whoever declares it.</summary>
    [Fact]
    public void A_financial_SEV_1_tells_the_whole_chain_at_once()
    {
        stage.Declared(Play.Declare("Customers charged twice"));
        Assert.Superset(new HashSet<string> { "@marcus", "@jonny", "@felix", "@sterling" }, stage.Sent().Select(sent => sent.To).ToHashSet());
    }

    [Fact]
    public void Commander_and_first_responders_are_assigned()
    {
        var (incident, _) = stage.Declared(Play.Declare(category: IncidentCategory.Security));
        var state = stage.Incident(incident);
        Assert.Equal("@pm", state.Commander);
        Assert.Superset(new HashSet<string> { "@pm", "@dev", "@sre", "@victor", "@sam" }, state.Responders.Select(responder => responder.Handle).ToHashSet());
    }

    [Fact]
    public void A_SEV_1_halts_all_other_work_and_nothing_else_does()
    {
        var (incident, _) = stage.Declared();
        var halt = Assert.Single(stage.All<HaltState>());
        Assert.Equal((HaltScope.All, incident, "severity", "@pm"), (halt.Scope, halt.IncidentId, halt.Condition, halt.Commander));
        stage.Declared(Play.Declare(severity: Severity.Sev2));
        Assert.Single(stage.All<HaltState>());
    }

    [Fact]
    public void An_urgent_ATP_without_an_incident_declares_it()
    {
        var play = Play.Emergency();
        var incident = Assert.Single(play.All<IncidentState>());
        Assert.Equal((Severity.Sev1, "atp", incident.Id), (incident.Severity, incident.Source, play.Atp("AT-EMRG-01").IncidentId));
        Assert.Single(play.All<HaltState>());
    }

    [Theory]
    [InlineData("🚨 SEV-1: SQL injection actively exploited", IncidentCategory.Security, "@victor")]
    [InlineData("HOTFIX: customers charged twice", IncidentCategory.Financial, "@felix")]
    [InlineData("HOTFIX: table corruption in orders", IncidentCategory.Data, "@diana")]
    [InlineData("HOTFIX: checkout is down", IncidentCategory.Availability, "@owen")]
    public void An_incident_that_an_ATP_declares_has_the_category_that_its_words_speak_of(string notes, IncidentCategory category, string responder)
    {
        stage.Do("AT-XX-YY", new SetAtp("InProgress", notes), "@pm");
        var incident = Assert.Single(stage.All<IncidentState>());
        Assert.Equal(category, incident.Category);
        Assert.True(incident.Has(responder));
    }

    [Fact]
    public void What_the_security_agent_begins_is_of_security_whatever_its_words()
    {
        stage.Do("AT-XX-YY", new CreateAtp("Something is wrong", Flow: "critical-response"), "@seca");
        Assert.Equal(IncidentCategory.Security, Assert.Single(stage.All<IncidentState>()).Category);
    }

    [Fact]
    public void A_declaration_without_a_category_is_read_and_one_with_it_is_taken_at_its_word()
    {
        Assert.Equal(IncidentCategory.Security, stage.Incident(stage.Declared(Play.Declare("Leaked credentials")).Incident).Category);
        var (said, _) = stage.Declared(Play.Declare("Leaked credentials", category: IncidentCategory.Compliance));
        Assert.Equal(IncidentCategory.Compliance, stage.Incident(said).Category);
    }

    [Fact]
    public void A_single_word_in_an_alerts_name_says_no_category()
    {
        var alert = new AlertSeen("f", "KubePodMigration", AlertStatus.Firing, stage.Now, null, null);
        var (incident, _) = stage.Declared(Play.Declare("KubePodMigration deleted") with { Alerts = [alert], Source = "alertmanager" });
        Assert.Equal(IncidentCategory.Availability, stage.Incident(incident).Category);
    }

    [Fact]
    public void An_emergency_for_a_lesser_incident_halts_all_other_work_too()
    {
        var (incident, _) = stage.Declared(Play.Declare(severity: Severity.Sev3));
        stage.Do("AT-EMRG-02", new CreateAtp("it is worse", Flow: "emergency", IncidentId: incident), "@pm");
        Assert.Equal(incident, Assert.Single(stage.All<HaltState>()).IncidentId);
    }

    [Fact]
    public void A_declaration_that_begins_with_an_emergency_halts_all_other_work_whatever_its_severity()
    {
        var (incident, atp) = stage.Declared(Play.Declare(severity: Severity.Sev2) with { Flow = "emergency" });
        var halt = Assert.Single(stage.All<HaltState>());
        Assert.Equal((HaltScope.All, incident), (halt.Scope, halt.IncidentId));
        Assert.StartsWith($"{atp} is an emergency of {incident}", halt.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_declaration_names_is_there_and_the_first_sign_is_not_in_the_future()
    {
        stage.Refused(Rules.ArgumentMissing, "INC-9", Play.Declare(" "), "@api");
        stage.Refused(Rules.IncidentTimes, "INC-9", Play.Declare() with { StartedAt = stage.Now.AddHours(1) }, "@api");
        stage.Refused(Rules.IncidentUnknown, "INC-9", Play.Declare() with { RelatedTo = "INC-8" }, "@api");
        Assert.Contains("standard", stage.Refused(Rules.FlowUnknown, "INC-9", Play.Declare() with { Flow = "slow" }, "@api").Allowed);
        Assert.Contains("standard", stage.Refused(Rules.FlowUnknown, "AT-9", new CreateAtp("x", Flow: "slow"), "@pm").Allowed);
    }
}
