using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;

namespace IncidentActors.Core.Tests.Halts;

/// <summary>Who raises, who lifts, whole or scope by scope; halts stack.</summary>
public class HaltTests
{
    private readonly Stage stage = new();

    [Fact]
    public void Operator_and_commander_raise_and_lift_it()
    {
        var (incident, _) = stage.Declared(Play.Declare(severity: Severity.Sev3));
        stage.Refused(Rules.HaltRole, "HLT-1", Raise("all", incident), "@dev");
        stage.Do("HLT-1", Raise("all", incident), "@pm");
        stage.Refused(Rules.HaltRole, "HLT-1", new LiftHalt(), "@dev");
        stage.Do(incident, new ChangeCommander("@qa"), "@pm");
        stage.Do("HLT-1", new LiftHalt(), "@qa");
        stage.Refused(Rules.HaltLifted, "HLT-1", new LiftHalt(), "@operator");
    }

    [Fact]
    public void Whoever_raised_it_by_hand_lifts_it_again()
    {
        stage.Do("HLT-1", Raise("all"), "@pm");
        stage.Refused(Rules.HaltRole, "HLT-1", new LiftHalt(), "@dev");
        stage.Do("HLT-1", new LiftHalt(), "@pm");
    }

    [Fact]
    public void Raising_what_exists_is_refused_because_it_would_halt_nothing()
    {
        stage.Do("HLT-1", Raise("agent:@dev"), "@operator");
        stage.Do("HLT-1", new LiftHalt(), "@operator");
        stage.Refused(Rules.HaltExists, "HLT-1", Raise("all"), "@operator");
    }

    [Fact]
    public void A_halt_is_lifted_in_stages_that_are_part_of_it()
    {
        stage.Do("HLT-1", Raise("all"), "@operator");
        stage.Do("HLT-1", Lift("team:red"), "@operator");
        var record = stage.Halt("HLT-1").Record()!;
        Assert.False(record.Covers(new Subject("@a", "red")));
        Assert.True(record.Covers(new Subject("@a", "blue")));
        stage.Refused(Rules.HaltLifted, "HLT-1", Lift("team:red"), "@operator");
        stage.Do("HLT-2", Raise("team:red"), "@operator");
        stage.Refused(Rules.HaltScopeUnknown, "HLT-2", Lift("team:blue"), "@operator");
        stage.Do("HLT-2", Lift("agent:@a"), "@operator");
        Assert.False(stage.Halt("HLT-2").Record()!.Covers(new Subject("@a", "red")));
        Assert.True(stage.Halt("HLT-2").Record()!.Covers(new Subject("@b", "red")));
    }

    [Fact]
    public void A_halt_for_an_incident_that_is_over_protects_nothing()
    {
        var (incident, _) = stage.Declared(Play.Declare(severity: Severity.Sev3));
        stage.Do(incident, new CancelIncident("false alarm"), "@pm");
        stage.Refused(Rules.IncidentClosed, "HLT-1", Raise("all", incident), "@operator");
    }

    [Theory]
    [InlineData("all", true)]
    [InlineData("team:red", true)]
    [InlineData("team:blue", false)]
    [InlineData("agent:@ada", true)]
    [InlineData("agent:ADA", true)]
    [InlineData("agent:@bob", false)]
    [InlineData("atp:AT-1", true)]
    [InlineData("atp:AT-2", false)]
    public void A_scope_names_its_own(string scope, bool covers)
    {
        stage.Do("HLT-1", Raise(scope), "@operator");
        Assert.Equal(covers, stage.Halt("HLT-1").Record()!.Covers(new Subject("@ada", "red", "AT-1")));
    }

    [Fact]
    public void Halts_stack_and_their_times_count_once()
    {
        stage.Do("HLT-1", Raise("all"), "@operator");
        var start = stage.Now;
        stage.Pass(TimeSpan.FromMinutes(2));
        stage.Do("HLT-2", Raise("agent:@ada"), "@operator");
        stage.Pass(TimeSpan.FromMinutes(3));
        stage.Do("HLT-1", new LiftHalt(), "@operator");
        stage.Pass(TimeSpan.FromMinutes(1));
        stage.Do("HLT-2", new LiftHalt(), "@operator");
        stage.Pass(TimeSpan.FromMinutes(10));

        var halts = stage.All<HaltState>().Select(halt => halt.Record()!).ToList();
        Assert.Equal(TimeSpan.FromMinutes(6), PausedTime.Between(halts, new Subject("@ada"), start, stage.Now));
        Assert.Equal(TimeSpan.FromMinutes(5), PausedTime.Between(halts, new Subject("@bob"), start, stage.Now));
        Assert.Equal(TimeSpan.FromMinutes(4), PausedTime.Between(halts, new Subject("@ada"), start.AddMinutes(1), start.AddMinutes(5)));
    }

    private static RaiseHalt Raise(string scope, string? incident = null) =>
        HaltScope.TryParse(scope, out var parsed) ? new RaiseHalt(parsed, "drill", incident) : throw new ArgumentException(scope);

    private static LiftHalt Lift(string scope) => HaltScope.TryParse(scope, out var parsed) ? new LiftHalt(parsed) : throw new ArgumentException(scope);
}
