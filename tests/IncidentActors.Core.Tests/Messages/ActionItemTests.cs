using IncidentActors.Core.Atps;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Tests.Messages;

/// <summary>Action items of seed 002's report and of lists, with owner, due date and what is done.</summary>
public class ActionItemTests
{
    [Fact]
    public void The_table_of_the_seed_is_read()
    {
        const string Table = """
            ## Action Items
            | Action | Owner | Due Date | Status |
            |--------|-------|----------|--------|
            | Add monitoring | @DEVOPS | 2026-12-01 | Open |
            | Update tests | @DEV | YYYY-MM-DD | Done |
            | [what] | @SA | | Open |
            """;
        Assert.Equal(
            [new ActionItem("Add monitoring", "@devops", new DateOnly(2026, 12, 1), false), new ActionItem("Update tests", "@dev", null, true)],
            ActionItem.In(Table).AsEnumerable());
    }

    [Fact]
    public void Lists_and_check_boxes_under_sub_headings_are_read_and_what_is_done_is_done()
    {
        const string List =
            "## Action items\n### Short-term\n- [ ] Pin the config (@sre, 2026-12-01)\n- [x] Rolled back\n- none\n- TBD\n"
            + "### Long-term\n1. Circuit breaker";
        Assert.Equal(
            [
                new ActionItem("Pin the config (@sre, 2026-12-01)", "@sre", new DateOnly(2026, 12, 1), false),
                new ActionItem("Rolled back", null, null, true),
                new ActionItem("Circuit breaker", null, null, false),
            ],
            ActionItem.In(List).AsEnumerable());
    }

    [Theory]
    [InlineData("+ Add an alert\n+ Fix the pool")]
    [InlineData("1) Add an alert\n2) Fix the pool")]
    [InlineData("• Add an alert\n• Fix the pool")]
    [InlineData("– Add an alert\n– Fix the pool")]
    [InlineData("—\tAdd an alert\n*\tFix the pool")]
    [InlineData("- [ ] Add an alert\r\n- [ ] Fix the pool\r\n")]
    [InlineData("- Short term:\n  - Add an alert\n- Long term:\n  - Fix the pool")]
    [InlineData("Add an alert\n\nFix the pool\n")]
    public void Each_way_of_writing_two_items_gives_two(string items) =>
        Assert.Equal(["Add an alert", "Fix the pool"], ActionItem.In($"## Action Items\n\n{items}").Select(item => item.Text));

    [Fact]
    public void Indented_lines_belong_to_the_item_above_them() => Assert.Equal(
        [new ActionItem("Add an alert\n- of the pool\n- at 80 % (@sre)", "@sre", null, false), new ActionItem("Fix the pool", null, null, false)],
        ActionItem.In("## Action Items\n- Add an alert\n  - of the pool\n  - at 80 % (@sre)\n- Fix the pool").AsEnumerable());

    [Theory]
    [InlineData("- none")]
    [InlineData("TBD")]
    [InlineData("See below:\n\n| Action | Owner |\n|--|--|\n| [what] | @SA |")]
    public void Placeholders_give_no_item(string items) => Assert.Empty(ActionItem.In($"## Action Items\n{items}"));

    [Fact]
    public void What_is_open_becomes_work_with_its_owner_and_date_and_what_is_done_does_not()
    {
        var stage = Play.Emergency("Closed");
        stage.Do(new Core.Agents.FetchInbox(), "@pm");
        stage.Do("AT-POST-01", Play.Set("InProgress"), "@pm");
        const string Items = "## Action Items\n| Action | Owner | Due |\n|--|--|--|\n| Alert on drift | @sre | 2026-12-01 |\n";
        stage.Do("AT-POST-01", new CreateArtifact("Postmortem", "postmortem", Play.SixSections.Split("## Action Items")[0] + Items), "@pm");
        stage.Do("AT-POST-01", new CloseAtp(null), "@pm");

        var item = Assert.Single(stage.All<AtpState>(), atp => atp.Type == "action-item");
        Assert.Equal(("Alert on drift", "@sre", new DateTimeOffset(2026, 12, 1, 23, 59, 0, TimeSpan.Zero)), (item.Title, item.Owner, item.DueAt));
    }
}
