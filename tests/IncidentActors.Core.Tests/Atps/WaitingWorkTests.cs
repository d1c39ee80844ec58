using System.Collections.Immutable;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Tests.Atps;

/// <summary>Work that waits for other work: it is shown at both, warned of at the beginning, and over when the other work is.</summary>
public class WaitingWorkTests
{
    private readonly Stage stage = new();

    public WaitingWorkTests()
    {
        foreach (var id in new[] { "7", "8", "9" }) stage.Create(id);
        stage.Do("9", new SetAtp(Owner: "@dev") { Details = Depends("- 7\n- 8\n- 77") }, "@pm");
    }

    [Fact]
    public void What_it_waits_for_is_shown_at_both_until_that_is_finished()
    {
        Assert.Equal("7 8 77", string.Join(' ', AtpView.Of(stage.Atp("9"), 1, null).WaitsFor));
        Assert.Equal("9", Assert.Single(AtpView.Of(stage.Atp("7"), 1, null).AwaitedBy));
        stage.Do("7", new CloseAtp(), "@pm", "one");
        Assert.Equal("8 77", string.Join(' ', stage.Atp("9").WaitsFor));
        Assert.Equal(2, stage.Do("9", new SetAtp("InProgress"), "@dev").Warnings.Count);
        stage.Do("9", new SetAtp { Details = Depends("8") }, "@pm");
        Assert.Equal("8", Assert.Single(stage.Atp("9").WaitsFor));
        Assert.Equal("9", Assert.Single(stage.Atp("8").AwaitedBy));
    }

    [Fact]
    public void The_owner_of_blocked_work_is_told_when_it_waits_for_nothing_any_more()
    {
        stage.Do("9", new SetAtp("Blocked") { Details = Depends("7, 8") }, "@dev");
        stage.Do("7", new CloseAtp(), "@pm", "one");
        Assert.Empty(stage.Atp("9").OpenMessages);
        stage.Do("8", new CloseAtp(), "@pm", "two");
        var told = Assert.Single(stage.Atp("9").OpenMessages.Values);
        Assert.Equal(("@dev", MessageType.StatusUpdate), (told.To, told.Type));
        stage.Do("9", new SetAtp("InProgress"), "@dev");
        Assert.Empty(stage.Atp("9").OpenMessages);
    }

    [Fact]
    public void Work_that_is_finished_or_its_own_is_not_waited_for()
    {
        stage.Do("7", new CloseAtp(), "@pm", "one");
        stage.Do("8", new SetAtp { Details = Depends("[7, 8]") }, "@pm");
        Assert.Empty(stage.Atp("8").WaitsFor);
    }

    private static ImmutableSortedDictionary<string, string> Depends(string on) =>
        ImmutableSortedDictionary<string, string>.Empty.Add(DetailNames.Dependencies, on);
}
