using System.Collections.Immutable;
using System.Text.Json;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Json;

namespace IncidentActors.Core.Tests.Halts;

/// <summary>Halts of services, environments and outside actions, alone or combined, and how much they stop.</summary>
public class EffectScopeTests
{
    private static readonly Subject Deploy = new("@sre", Service: "checkout", Environment: "production", Action: "deploy-canary");

    [Theory]
    [InlineData("service:checkout", true)]
    [InlineData("service:Checkout", true)]
    [InlineData("service:pay*", false)]
    [InlineData("environment:production", true)]
    [InlineData("environment:staging", false)]
    [InlineData("action:deploy*", true)]
    [InlineData("action:push", false)]
    [InlineData("service:checkout+environment:production", true)]
    [InlineData("service:checkout+environment:staging", false)]
    [InlineData("agent:@sre+action:*", true)]
    [InlineData("agent:@dev+action:*", false)]
    public void All_conditions_of_a_scope_must_hold(string text, bool contains)
    {
        Assert.True(HaltScope.TryParse(text, out var scope));
        Assert.Equal(contains, scope.Contains(Deploy));
    }

    [Fact]
    public void Work_in_the_journal_is_no_outside_action_and_work_of_no_known_service_is_of_none()
    {
        Assert.False(Parsed("action:*").Contains(new Subject("@sre", Service: "checkout")));
        Assert.False(Parsed("service:checkout").Contains(new Subject("@sre")));
        Assert.True(Parsed("service:checkout").Contains(new Subject("@sre", Service: "checkout")));
    }

    [Theory]
    [InlineData("service:checkout+environment:production", "environment:production+SERVICE: checkout")]
    [InlineData("all", "ALL")]
    [InlineData("agent:@dev", "agent:DEV")]
    [InlineData("agent:@dev", "@Dev")]
    public void The_same_conditions_are_the_same_scope(string one, string other)
    {
        Assert.Equal(Parsed(one), Parsed(other));
        Assert.Equal(Parsed(one).ToString(), Parsed(other).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("service:")]
    [InlineData("service:checkout+")]
    [InlineData("service:checkout+all")]
    [InlineData("deploy")]
    [InlineData("agent:@")]
    public void What_names_nothing_is_no_scope(string text) => Assert.False(HaltScope.TryParse(text, out _));

    [Fact]
    public void A_team_whose_name_holds_a_plus_is_still_read_from_the_journal() =>
        Assert.True(JsonSerializer.Deserialize<HaltScope>("\"team:a+b\"", CoreJson.Options).Contains(new Subject("@x", "a+b")));

    [Theory]
    [InlineData(HaltMode.Enforce, true, true, true)]
    [InlineData(HaltMode.Outside, false, true, true)]
    [InlineData(HaltMode.ReadOnly, true, true, false)]
    public void A_mode_says_how_much_stops(HaltMode mode, bool work, bool acting, bool reading)
    {
        var halt = new HaltRecord("HLT-1", HaltScope.All, "drill", "@operator", null, false, default, Mode: mode);
        Assert.Equal(work, halt.Covers(new Subject("@dev")));
        Assert.Equal(acting, halt.Covers(new Subject("@dev", Action: "deploy")));
        Assert.Equal(reading, halt.Covers(new Subject("@dev", Action: "query", Reads: true)));
    }

    [Fact]
    public void A_halt_that_was_written_without_a_mode_stops_all()
    {
        const string Stored =
            """{"id":"HLT-1","scope":"all","reason":"r","raisedBy":"@operator","sparesUrgent":false,"raisedAt":"2026-11-21T03:00:00+00:00","lifts":[]}""";
        Assert.True(JsonSerializer.Deserialize<HaltRecord>(Stored, CoreJson.Options)!.Covers(new Subject("@dev")));
    }

    [Fact]
    public void An_incident_is_about_the_service_and_environment_of_its_labels()
    {
        var stage = new Stage();
        var labels = ImmutableSortedDictionary<string, string>.Empty.Add("service", "checkout").Add("env", "production");
        var (incident, atp) = stage.Declared(Play.Declare() with { Labels = labels });
        var subject = HaltPolicy.SubjectOf(new AgentInfo("@dev", ["dev"]), stage.Atp(atp), stage.Incident(incident))!;
        Assert.Equal(("checkout", "production", incident), (subject.Service, subject.Environment, subject.RespondsTo));
        Assert.True(new HaltRecord("HLT-1", Parsed("service:checkout"), "drill", "@operator", null, false, default).Covers(subject));
        Assert.Null(HaltPolicy.SubjectOf(new AgentInfo("@operator", [Roles.Operator]), stage.Atp(atp), stage.Incident(incident)));
    }

    private static HaltScope Parsed(string text) => HaltScope.TryParse(text, out var scope) ? scope : throw new ArgumentException(text);
}
