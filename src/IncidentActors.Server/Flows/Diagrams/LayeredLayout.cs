using System.Collections.Immutable;

namespace IncidentActors.Server.Flows.Diagrams;

/// <summary>
/// Draws a directed graph from top to bottom, in layers (Sugiyama, Tagawa, Toda 1981): arrows that lead back are turned round, long
/// arrows get a place in every layer that they pass, each layer is ordered for few crossings, then moved for straight arrows. So boxes
/// never overlap and no arrow runs through a box. The same graph is always drawn the same.
/// </summary>
internal static class LayeredLayout
{
    private const double Margin = 10;
    private const double BetweenLayers = 34;
    private const double BetweenPorts = 16;
    private const double PortsFromCorner = 10;

    /// <param name="spine">Boxes that are aligned vertically.</param>
    public static Layout Of(IReadOnlyList<Size> boxes, IReadOnlyList<Link> links, IReadOnlySet<int> spine)
    {
        var layers = Layers.Of(boxes, links);
        LayerOrder.Reduce(layers, spine);
        var centers = LayerPlacement.Of(layers, spine);
        var (tops, heights) = Stack(layers, boxes);
        var rects = boxes.Select((box, node) =>
        {
            var layer = layers.LayerOf[node];
            return new Rect(Round(centers[node] - box.Width / 2), Round(tops[layer] + (heights[layer] - box.Height) / 2), box.Width, box.Height);
        }).ToImmutableArray();
        var ports = new Ports(layers, centers, rects);
        var routes = links.Select((link, index) => Follow(layers, index, link, centers, rects, ports, tops, heights)).ToImmutableArray();
        return new Layout(Math.Ceiling(Right(layers, centers) + Margin), Math.Ceiling(tops[^1] + heights[^1] + Margin), rects, routes);
    }

    private static (double[] Tops, double[] Heights) Stack(Layers layers, IReadOnlyList<Size> boxes)
    {
        var heights = layers.Order
            .Select(order => order.Where(node => node < boxes.Count).Select(node => boxes[node].Height).DefaultIfEmpty(0).Max())
            .ToArray();
        var tops = new double[heights.Length];
        for (var layer = 0; layer < tops.Length; layer++)
            tops[layer] = layer == 0 ? Margin : tops[layer - 1] + heights[layer - 1] + BetweenLayers;
        return (tops, heights);
    }

    private static double Right(Layers layers, double[] centers) => centers.Select((center, node) => center + layers.Widths[node] / 2).Max();

    private static Route Follow(
        Layers layers, int index, Link link, double[] centers, ImmutableArray<Rect> rects, Ports ports, double[] tops, double[] heights)
    {
        var chain = layers.Chains[index];
        var points = ImmutableArray.CreateBuilder<Point>(2 * chain.Length);
        for (var i = 0; i < chain.Length; i++)
        {
            var (node, layer) = (chain[i], layers.LayerOf[chain[i]]);
            var x = i == 0 ? ports.Below(node, index) : i == chain.Length - 1 ? ports.Above(node, index) : centers[node];
            points.Add(new Point(Round(x), Round(i == 0 ? rects[node].Bottom : tops[layer])));
            points.Add(new Point(Round(x), Round(i == chain.Length - 1 ? rects[node].Y : tops[layer] + heights[layer])));
        }

        if (layers.Back[index]) points.Reverse();
        return new Route(link, layers.Back[index], points.MoveToImmutable());
    }

    private static double Round(double length) => Math.Round(length, 1);

    /// <summary>Where arrows meet a box: side by side in the order of their other ends.</summary>
    private sealed class Ports(Layers layers, double[] centers, ImmutableArray<Rect> rects)
    {
        public double Below(int node, int link) => At(node, link, layers.Below[node]);

        public double Above(int node, int link) => At(node, link, layers.Above[node]);

        private double At(int node, int link, List<Neighbour> others)
        {
            var sorted = others.OrderBy(one => centers[one.Node]).ThenBy(one => one.Link).ToList();
            var place = sorted.FindIndex(one => one.Link == link);
            var step = Math.Min(BetweenPorts, (rects[node].Width - 2 * PortsFromCorner) / Math.Max(1, sorted.Count - 1));
            return rects[node].CenterX + (place - (sorted.Count - 1) / 2.0) * step;
        }
    }
}
