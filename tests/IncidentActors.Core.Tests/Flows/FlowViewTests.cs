using IncidentActors.Core.Flows;
using IncidentActors.Testing;

namespace IncidentActors.Core.Tests.Flows;

/// <summary>What <c>incident flows show</c> prints.</summary>
public class FlowViewTests
{
    public static TheoryData<string> Names => [.. ShippedText.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_table_says_what_the_text_says(string name)
    {
        var flow = FlowYaml.Parse(ShippedText.Of(name), name).Flow!;
        var table = FlowTable.Rows(flow);

        Assert.All(table, cells => Assert.Equal(FlowTable.Columns.Length, cells.Length));
        Assert.Equal(
            flow.Rows.Select(row => (row.Number, row.From, row.To, row.Role, row.Trigger, string.Join(' ', row.Tools))),
            table.Select(cells => (int.Parse(cells[0]), cells[1], cells[2], cells[3], cells[4], cells[5] == "(automatic)" ? "" : cells[5].Replace(",", ""))));
    }

    [Fact]
    public void The_table_of_the_emergency_flow() => Golden.Equal("emergency.table.txt", FlowTable.Text(FlowSet.Shipped.Find("emergency")!));

    [Theory]
    [InlineData("emergency")]
    [InlineData("emergency-hotfix")]
    public void The_diagram_of(string name) => Golden.Equal($"{name}.mmd", FlowMermaid.Diagram(FlowSet.Shipped.Find(name)!));

    [Fact]
    public void A_state_named_like_a_word_of_Mermaid_gets_another_id()
    {
        var flow = FlowYaml.Parse(ShippedText.Of("standard").Replace("Blocked", "Note"), "note.yaml").Flow!;

        var lines = FlowMermaid.Diagram(flow).Split('\n');
        Assert.Equal("    state \"Note\" as S_Note", lines[1]);
        Assert.Contains("    InProgress --> S_Note : 22 any, Something is missing", lines);
    }
}
