using System.Collections.Immutable;
using System.Globalization;
using System.Xml.Linq;
using IncidentActors.Core.Flows;
using IncidentActors.Server.Flows.Diagrams;
using IncidentActors.Server.Tests.Cli;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Flows;

public sealed class FlowSvgTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    public static TheoryData<string, bool> Flows
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (var flow in FlowSet.Shipped.Latest)
            {
                data.Add(flow.Name, false);
                data.Add(flow.Name, true);
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(Flows))]
    public void A_shipped_flow_is_drawn_as_its_file(string name, bool compact)
    {
        Golden.Equal($"Golden/{name}{(compact ? ".compact" : "")}.svg", Draw(name, FlowStanding.None, compact) + "\n");
    }

    [Theory, MemberData(nameof(Flows))]
    public void Every_state_row_rejection_and_follow_up_is_there(string name, bool compact)
    {
        var flow = FlowSet.Shipped.Find(name)!;
        var svg = Draw(name, FlowStanding.None, compact);
        Assert.Equal(flow.States.Select(state => state.Name), Groups(svg, "state").Select(Heading));
        Assert.Equal(
            flow.Rows.Select(row => $"{row.Number} {(row.Automatic ? "by itself" : row.Role)}").Order(),
            Groups(svg, "row").Select(Heading).Order());
        Assert.Equal(flow.Rows.Count(row => row.Requires.Approval?.RejectTo is not null), Groups(svg, "rejection").Count());
        Assert.Equal(flow.Rows.Count(row => row.Kind == RowKind.FollowUp), Groups(svg, "followup").Count());
        Assert.All(
            flow.Rows.Where(row => row.Kind != RowKind.FollowUp),
            row => Assert.Contains($"Row {row.Number}, {row.From} to {row.To}", svg.Element(Svg + "desc")!.Value));
        if (!compact) Assert.All(flow.Rows, row => Assert.Contains(row.Trigger, string.Join(' ', Groups(svg, "row").Select(Words))));
    }

    [Theory, MemberData(nameof(Flows))]
    public void No_boxes_overlap_no_label_is_cut_and_no_arrow_runs_through_a_box(string name, bool compact)
    {
        var flow = FlowSet.Shipped.Find(name)!;
        var (graph, layout) = FlowPicture.Of(flow, compact);
        for (var i = 0; i < layout.Boxes.Length; i++)
        {
            var box = layout.Boxes[i];
            Assert.True(box.X >= 0 && box.Y >= 0 && box.Right <= layout.Width && box.Bottom <= layout.Height, $"{graph.Nodes[i].Heading} is outside");
            for (var j = i + 1; j < layout.Boxes.Length; j++)
                Assert.False(box.Overlaps(layout.Boxes[j]), $"{graph.Nodes[i].Heading} overlaps {graph.Nodes[j].Heading}");
            foreach (var route in layout.Routes)
            {
                if (route.Link.From == i || route.Link.To == i) continue;
                foreach (var (from, to) in Straight(route))
                {
                    Assert.False(
                        from.X > box.X && from.X < box.Right && Math.Min(from.Y, to.Y) < box.Bottom && Math.Max(from.Y, to.Y) > box.Y,
                        $"an arrow crosses {graph.Nodes[i].Heading}");
                }
            }
        }

        var crowded = new FlowStanding(flow.States.ToImmutableDictionary(state => state.Name, _ => 88_888), [], false);
        foreach (var group in Draw(name, crowded, compact).Elements(Svg + "g"))
        {
            if (group.Element(Svg + "rect") is not { } rect) continue;
            foreach (var text in group.Elements(Svg + "text"))
            {
                var width = TextWidth.Of(text.Value, Number(text, "font-size"), text.Attribute("font-weight") is not null);
                var left = Number(text, "x") - (text.Attribute("text-anchor")?.Value == "middle" ? width / 2 : 0);
                Assert.True(left >= Number(rect, "x") && left + width <= Number(rect, "x") + Number(rect, "width"), $"'{text.Value}' sticks out");
                Assert.InRange(Number(text, "y"), Number(rect, "y") + 10, Number(rect, "y") + Number(rect, "height") - 3);
            }
        }
    }

    [Theory, MemberData(nameof(Flows))]
    public void The_way_on_which_nothing_goes_wrong_is_one_straight_line(string name, bool compact)
    {
        var (graph, layout) = FlowPicture.Of(FlowSet.Shipped.Find(name)!, compact);
        Assert.True(graph.Spine.Count >= 5);
        Assert.Contains(graph.Spine, node => graph.Nodes[node].State?.Terminal == true);
        var first = layout.Boxes[graph.Spine.Min()].CenterX;
        Assert.All(graph.Spine, node => Assert.Equal(first, layout.Boxes[node].CenterX, 1.0));
    }

    [Fact]
    public void The_present_state_is_told_by_words_and_shape()
    {
        var svg = Draw("emergency", FlowStanding.Of("complete", [1, 2, 3]));
        var here = Assert.Single(svg.Elements(Svg + "g"), group => group.Attribute("class")!.Value == "state here");
        Assert.Equal(["Complete", "now"], here.Elements(Svg + "text").Select(text => text.Value));
        Assert.Equal("3", here.Element(Svg + "rect")!.Attribute("stroke-width")!.Value);
        Assert.Equal("The flow emergency, version 1, now in complete", svg.Element(Svg + "title")!.Value);
        Assert.Equal(["1 pm", "2 dev", "3 dev"], svg.Elements(Svg + "g").Where(group => group.Attribute("class")!.Value == "row taken").Select(Heading));
    }

    [Fact]
    public void Many_ATPs_are_counted_by_state()
    {
        var svg = Draw("standard", FlowStanding.Of([new("InProgress", 9_312), new("Queued", 1)]));
        var here = svg.Elements(Svg + "g").Where(group => group.Attribute("class")!.Value == "state here").Select(Words);
        Assert.Equal(["Queued 1 ATP", "InProgress 9312 ATPs"], here);
        Assert.Contains("9312 ATPs in InProgress.", svg.Element(Svg + "desc")!.Value);
    }

    [Fact]
    public void Hostile_text_in_a_flow_stays_text()
    {
        var flow = FlowSet.Shipped.Find("standard")!;
        const string hostile = "</text><script>alert(1)</script> \u202Eevil\u0000 \uD83D\uDE80 ";
        var changed = flow with { Rows = [.. flow.Rows.Select(row => row with { Trigger = hostile + new string('x', 100_000), Role = "dev\"><script>" })] };
        var text = FlowSvg.Draw(changed, FlowStanding.None);
        var svg = XElement.Parse(text);
        Assert.DoesNotContain("<script", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain('\u202E', text);
        Assert.All(svg.Descendants(), element => Assert.Contains(element.Name.LocalName, (string[])["svg", "g", "rect", "path", "text", "title", "desc"]));
        Assert.True(Number(svg, "width") < 3_000 && Number(svg, "height") < 3_000);
    }

    private static XElement Draw(string name, FlowStanding standing, bool compact = false) =>
        XElement.Parse(FlowSvg.Draw(FlowSet.Shipped.Find(name)!, standing, compact));

    private static IEnumerable<XElement> Groups(XElement svg, string kind) =>
        svg.Elements(Svg + "g").Where(group => group.Attribute("class")!.Value.Split(' ')[0] == kind);

    private static string Heading(XElement group) => group.Elements(Svg + "text").First().Value;

    private static string Words(XElement group) => string.Join(' ', group.Elements(Svg + "text").Select(text => text.Value));

    private static double Number(XElement element, string name) => double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);

    private static IEnumerable<(Point From, Point To)> Straight(Route route)
    {
        for (var i = 1; i < route.Points.Length; i += 2) yield return (route.Points[i - 1], route.Points[i]);
    }
}
