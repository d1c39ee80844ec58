using System.Globalization;
using System.Xml.Linq;

namespace IncidentActors.Server.Flows.Diagrams;

/// <summary>The small signs next to a row's requirements: 12 by 12 pixels, drawn, because fonts differ in their symbols.</summary>
internal static class FlowSigns
{
    public static XElement Draw(XNamespace svg, FlowSign sign, double x, double y) => new(
        svg + "path", new XAttribute("class", $"sign {sign.ToString().ToLowerInvariant()}"),
        new XAttribute("transform", string.Create(CultureInfo.InvariantCulture, $"translate({Math.Round(x, 1)} {Math.Round(y, 1)})")),
        new XAttribute("d", Path(sign)), new XAttribute("fill", "none"), new XAttribute("stroke", "currentColor"), new XAttribute("stroke-width", "1.4"));

    /// <summary>In words, for the legend.</summary>
    public static string Meaning(FlowSign sign) => sign switch
    {
        FlowSign.Gate => "gates to be answered with yes",
        FlowSign.Approval => "an approval, and the time for it",
        FlowSign.Artifact => "an artifact",
        FlowSign.Branch => "parallel work that must be done",
        FlowSign.Told => "the operator is notified",
        FlowSign.Rollback => "undoes work",
        _ => throw new ArgumentOutOfRangeException(nameof(sign), sign, null),
    };

    private static string Path(FlowSign sign) => sign switch
    {
        FlowSign.Gate => "M6 0.5L11.5 6L6 11.5L0.5 6z",
        FlowSign.Approval => "M6 0.8A5.2 5.2 0 1 1 5.9 0.8zM3.4 6.2L5.4 8.2L8.8 4",
        FlowSign.Artifact => "M2 0.8H7.5L10.2 3.5V11.2H2zM4 5.5H8.2M4 8H8.2",
        FlowSign.Branch => "M3 0.8V11.2M3 8C3 5 9 6 9 2.6M7 4.4L9 2L11 4.4",
        FlowSign.Told => "M6 0.8C3.4 0.8 2.8 3 2.8 5V7.6L1.4 9.2H10.6L9.2 7.6V5C9.2 3 8.6 0.8 6 0.8zM4.8 10.8H7.2",
        FlowSign.Rollback => "M4.2 1.4L1.4 4.2L4.2 7M1.4 4.2H8A2.8 2.8 0 0 1 8 10.4H4",
        _ => throw new ArgumentOutOfRangeException(nameof(sign), sign, null),
    };
}
